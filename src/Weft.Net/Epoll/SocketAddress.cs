using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;

namespace Weft.Net.Epoll;

/// <summary>Linux <c>sockaddr_in</c> and <c>sockaddr_in6</c> to and from <see cref="IPEndPoint"/>.</summary>
internal static unsafe class SocketAddress
{
    /// <summary>Room for the larger of the two.</summary>
    public const int MaxLength = 28;

    /// <summary>Writes the address and returns its length; <paramref name="destination"/> has <see cref="MaxLength"/> bytes.</summary>
    public static int Write(IPEndPoint endPoint, byte* destination)
    {
        var bytes = new Span<byte>(destination, MaxLength);
        bytes.Clear();
        var v6 = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        Unsafe.WriteUnaligned(destination, (ushort)(v6 ? Libc.AfInet6 : Libc.AfInet));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)endPoint.Port);
        if (!v6)
        {
            endPoint.Address.TryWriteBytes(bytes[4..8], out _);
            return 16;
        }

        endPoint.Address.TryWriteBytes(bytes[8..24], out _);
        Unsafe.WriteUnaligned(destination + 24, (uint)endPoint.Address.ScopeId);
        return MaxLength;
    }

    public static IPEndPoint Read(byte* source)
    {
        var bytes = new ReadOnlySpan<byte>(source, MaxLength);
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (Unsafe.ReadUnaligned<ushort>(source) == Libc.AfInet)
        {
            return new IPEndPoint(new IPAddress(bytes[4..8]), port);
        }

        var address = new IPAddress(bytes[8..24], Unsafe.ReadUnaligned<uint>(source + 24));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }
}
