using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench.Harness.Load;

/// <summary>The request that all measurements use: a small GET, answered by a response of some 240 bytes.</summary>
internal static class SmallRequest
{
    /// <summary>The name that every proxy routes to the upstream.</summary>
    public const string Host = "web";

    public static readonly byte[] Bytes = For("/");

    public static Socket Connect(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request and its answer on a blocking connection; throws unless the answer is 200.</summary>
    public static void Exchange(Socket socket, byte[] request)
    {
        socket.Send(request);
        Span<byte> buffer = stackalloc byte[16 << 10];
        var filled = 0;
        int length;
        while ((length = ResponseLength(buffer[..filled])) > filled || length == 0)
        {
            var read = socket.Receive(buffer[filled..]);
            if (read == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            filled += read;
        }
    }

    /// <summary>Whether a new connection is accepted and answers 200; anything else is a no.</summary>
    public static bool Succeeds(IPEndPoint address, string path)
    {
        try
        {
            using var socket = Connect(address);
            socket.ReceiveTimeout = 2_000;
            Exchange(socket, For(path));
            return true;
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>
    /// How long the response is that these bytes begin; 0 while its head is incomplete. Understands Content-Length and chunked responses
    /// that are complete in the bytes, as small ones are.
    /// </summary>
    public static int ResponseLength(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return 0;
        if (!bytes.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidDataException($"answered: {Encoding.Latin1.GetString(bytes[..head])}");
        var lines = bytes[..(head + 2)];
        var at = IndexOfHeader(lines, "\r\nContent-Length: "u8, "\r\ncontent-length: "u8);
        if (at < 0)
        {
            var end = bytes.IndexOf("\r\n0\r\n\r\n"u8);
            return end < 0 ? int.MaxValue : end + 7;
        }
        var length = 0;
        for (var i = at + 18; lines[i] is >= (byte)'0' and <= (byte)'9'; i++)
            length = (length * 10) + lines[i] - '0';
        return head + 4 + length;
    }

    private static int IndexOfHeader(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase)
    {
        var at = lines.IndexOf(name);
        return at >= 0 ? at : lines.IndexOf(lowerCase);
    }

    private static byte[] For(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {Host}\r\n\r\n");
}
