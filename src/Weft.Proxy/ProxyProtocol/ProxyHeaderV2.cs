using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>Version 2: a signature, a command, addresses and extensions, in binary (section 2.2).</summary>
internal static class ProxyHeaderV2
{
    private const int FixedBytes = 16;
    private const int Version = 0x20;
    private const int Local = 0;
    private const int Proxy = 1;
    private const int Unspecified = 0x00;
    private const int Tcp4 = 0x11;
    private const int Tcp6 = 0x21;
    private const int UnixStream = 0x31;
    private const int UnixBytes = 216;
    private const byte Checksum = 0x03;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ParseStatus Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        var common = Math.Min(received.Length, Signature.Length);
        if (!received[..common].SequenceEqual(Signature[..common]))
        {
            return ParseStatus.Rejected;
        }

        if (received.Length > 12 && received[12] is not (Version | Local) and not (Version | Proxy))
        {
            return ParseStatus.Rejected;
        }

        if (received.Length < FixedBytes)
        {
            return ParseStatus.Incomplete;
        }

        length = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(received[14..]);
        if (length > ProxyHeader.MaxRead)
        {
            return ParseStatus.Rejected;
        }

        return received.Length < length ? ParseStatus.Incomplete
            : TryRead(received[..length], out header) ? ParseStatus.Complete
            : ParseStatus.Rejected;
    }

    public static int Write(IPEndPoint? source, IPEndPoint? target, Span<byte> destination)
    {
        Signature.CopyTo(destination);
        if (source is null || target is null)
        {
            destination[12] = Version | Local;
            destination[13] = Unspecified;
            BinaryPrimitives.WriteUInt16BigEndian(destination[14..], 0);
            return FixedBytes;
        }

        destination[12] = Version | Proxy;
        destination[13] = source.AddressFamily == AddressFamily.InterNetwork ? (byte)Tcp4 : (byte)Tcp6;
        var written = FixedBytes;
        _ = source.Address.TryWriteBytes(destination[written..], out var bytes);
        written += bytes;
        _ = target.Address.TryWriteBytes(destination[written..], out bytes);
        written += bytes;
        BinaryPrimitives.WriteUInt16BigEndian(destination[written..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(written + 2)..], (ushort)target.Port);
        written += 4;
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], (ushort)(written - FixedBytes));
        return written;
    }

    private static bool TryRead(ReadOnlySpan<byte> whole, out ProxyHeader header)
    {
        header = default;
        var payload = whole[FixedBytes..];
        if (whole[12] == (Version | Local))
        {
            return true; // A health check of the peer's own: its addresses, if there are any, are to be ignored.
        }

        int? addresses = whole[13] switch
        {
            Unspecified => 0,
            Tcp4 => 12,
            Tcp6 => 36,
            UnixStream => UnixBytes,
            _ => null, // Datagrams have no business on a stream.
        };
        if (addresses is not { } size || payload.Length < size || !AreSound(whole, FixedBytes + size))
        {
            return false;
        }

        if (whole[13] is Tcp4 or Tcp6)
        {
            var one = (size - 4) / 2;
            header = new ProxyHeader(
                new IPEndPoint(
                    new IPAddress(payload[..one]),
                    BinaryPrimitives.ReadUInt16BigEndian(payload[(2 * one)..])
                ),
                new IPEndPoint(
                    new IPAddress(payload[one..(2 * one)]),
                    BinaryPrimitives.ReadUInt16BigEndian(payload[((2 * one) + 2)..])
                )
            );
        }

        return true;
    }

    /// <summary>The extensions fill the rest exactly, and the checksum, when there is one, is right (sections 2.2.1 and 2.2.3).</summary>
    private static bool AreSound(ReadOnlySpan<byte> whole, int start)
    {
        for (var at = start; at < whole.Length; )
        {
            if (whole.Length - at < 3)
            {
                return false;
            }

            var size = BinaryPrimitives.ReadUInt16BigEndian(whole[(at + 1)..]);
            if (size > whole.Length - at - 3)
            {
                return false;
            }

            if (whole[at] == Checksum && (size != 4 || !IsRight(whole, at + 3)))
            {
                return false;
            }

            at += 3 + size;
        }

        return true;
    }

    /// <summary>CRC32c over the whole header, with the checksum's own bytes taken as 0.</summary>
    private static bool IsRight(ReadOnlySpan<byte> whole, int at)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < whole.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i >= at && i < at + 4 ? (byte)0 : whole[i]);
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(whole[at..]);
    }
}
