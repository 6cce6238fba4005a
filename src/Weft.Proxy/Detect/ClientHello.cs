using System.Buffers.Binary;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>The first message of a TLS connection, as far as it says whom the client wants to talk to (RFC 8446 section 4.1.2, RFC 6066 section 3).</summary>
internal static class ClientHello
{
    /// <summary>The longest message that is put together out of several records.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int RecordHeader = 5;
    private const int HandshakeHeader = 4;
    private const int MaxRecord = 16 * 1024;
    private const byte Handshake = 22;
    private const byte Hello = 1;
    private const ushort ServerNameExtension = 0;
    private const ushort AlpnExtension = 16;
    private const byte HostName = 0;
    private const int VersionAndRandom = 2 + 32;

    /// <summary>Whether a connection's first bytes are a ClientHello. Rejected: they are something else, or it is too long.</summary>
    public static ParseStatus Look(ReadOnlySpan<byte> received) => Walk(received, default, out _);

    /// <summary>
    /// The host name that the client asks for; empty when it names none, or when the message is broken.
    /// </summary>
    /// <param name="received">Bytes that <see cref="Look"/> finds complete.</param>
    /// <param name="scratch">At least <see cref="MaxBytes"/>, apart from <paramref name="received"/>; the name may lie in it.</param>
    public static ReadOnlySpan<byte> ServerName(ReadOnlySpan<byte> received, Span<byte> scratch)
    {
        var extension = Extension(received, scratch, ServerNameExtension);
        if (!TryTake(ref extension, 2, out var list))
        {
            return default;
        }

        // A list by its grammar; of one entry in practice, since no other kind of name was ever defined.
        while (!list.IsEmpty)
        {
            var kind = list[0];
            list = list[1..];
            if (!TryTake(ref list, 2, out var name))
            {
                break;
            }

            if (kind == HostName)
            {
                return name;
            }
        }

        return default;
    }

    /// <summary>The protocols that the client offers (RFC 7301), each after a byte that holds its length; empty when it offers none.</summary>
    public static ReadOnlySpan<byte> Protocols(ReadOnlySpan<byte> received, Span<byte> scratch)
    {
        var extension = Extension(received, scratch, AlpnExtension);
        return TryTake(ref extension, 2, out var list) ? list : default;
    }

    private static ReadOnlySpan<byte> Extension(ReadOnlySpan<byte> received, Span<byte> scratch, ushort wanted)
    {
        if (
            Walk(received, scratch, out var length) != ParseStatus.Complete
            || length < HandshakeHeader + VersionAndRandom
        )
        {
            return default;
        }

        ReadOnlySpan<byte> rest = scratch[(HandshakeHeader + VersionAndRandom)..length];
        if (
            !TryTake(ref rest, 1, out _) // session id
            || !TryTake(ref rest, 2, out _) // cipher suites
            || !TryTake(ref rest, 1, out _) // compression
            || !TryTake(ref rest, 2, out var extensions)
        )
        {
            return default;
        }

        while (extensions.Length >= 2)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!TryTake(ref extensions, 2, out var data))
            {
                break;
            }

            if (type == wanted)
            {
                return data;
            }
        }

        return default;
    }

    /// <summary>Goes through the records that carry the message; puts it together in <paramref name="message"/> unless that is empty.</summary>
    private static ParseStatus Walk(ReadOnlySpan<byte> received, Span<byte> message, out int length)
    {
        Span<byte> header = stackalloc byte[HandshakeHeader];
        var seen = 0;
        length = HandshakeHeader;
        while (true)
        {
            if (!IsRecord(received))
            {
                return ParseStatus.Rejected;
            }

            if (received.Length < RecordHeader)
            {
                return ParseStatus.Incomplete;
            }

            var declared = BinaryPrimitives.ReadUInt16BigEndian(received[3..]);
            var piece = received[RecordHeader..];
            piece = piece[..Math.Min(piece.Length, declared)];
            if (seen < HandshakeHeader)
            {
                var part = piece[..Math.Min(piece.Length, HandshakeHeader - seen)];
                part.CopyTo(header[seen..]);
                if (seen + part.Length > 0 && header[0] != Hello)
                {
                    return ParseStatus.Rejected;
                }

                if (seen + part.Length == HandshakeHeader)
                {
                    length = HandshakeHeader + (int)(BinaryPrimitives.ReadUInt32BigEndian(header) & 0xffffff);
                    if (length > MaxBytes)
                    {
                        return ParseStatus.Rejected;
                    }
                }
            }

            var complete = seen + piece.Length >= length && seen + piece.Length >= HandshakeHeader;
            var taken = complete ? length - seen : piece.Length;
            if (!message.IsEmpty)
            {
                piece[..taken].CopyTo(message[seen..]);
            }

            seen += taken;
            if (complete)
            {
                return ParseStatus.Complete;
            }

            if (piece.Length < declared)
            {
                return ParseStatus.Incomplete;
            }

            received = received[(RecordHeader + declared)..];
        }
    }

    /// <summary>Whether the beginning of a handshake record can be seen, or nothing that speaks against it.</summary>
    private static bool IsRecord(ReadOnlySpan<byte> record) =>
        (record.Length < 1 || record[0] == Handshake)
        && (record.Length < 2 || record[1] == 3)
        && (record.Length < 3 || record[2] <= 4)
        && (record.Length < RecordHeader || BinaryPrimitives.ReadUInt16BigEndian(record[3..]) is > 0 and <= MaxRecord);

    /// <summary>Takes a vector from the front: its length in so many bytes, 1 or 2, then itself. False when it is not all there.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> bytes, int lengthBytes, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (bytes.Length < lengthBytes)
        {
            return false;
        }

        var end = lengthBytes + (lengthBytes == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes));
        if (end > bytes.Length)
        {
            return false;
        }

        vector = bytes[lengthBytes..end];
        bytes = bytes[end..];
        return true;
    }
}
