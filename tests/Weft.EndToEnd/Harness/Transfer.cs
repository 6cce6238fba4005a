using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>Large bodies to and from an <see cref="EchoUpstream"/>, each byte checked against <see cref="Pattern"/>.</summary>
internal static class Transfer
{
    /// <summary>How large a large body is: 4 GiB (beyond 32 bits), or what WEFT_E2E_TRANSFER_BYTES says.</summary>
    public static long LargeBody { get; } =
        long.TryParse(
            Environment.GetEnvironmentVariable("WEFT_E2E_TRANSFER_BYTES"),
            CultureInfo.InvariantCulture,
            out var bytes
        )
            ? bytes
            : 4L << 30;

    /// <summary>Uploads and returns how many bytes the upstream says arrived.</summary>
    public static async Task<long> Upload(IPEndPoint address, string host, long count)
    {
        await using var stream = await Open(address);
        await SendHead(stream, $"POST /sink HTTP/1.1\r\nHost: {host}\r\nContent-Length: {count}\r\n");
        await Pattern.Write(stream, count, CancellationToken.None);
        var response = await ReadAll(stream);
        Assert.StartsWith("HTTP/1.1 200 ", response, StringComparison.Ordinal);
        // The count stands in the last line that holds only digits, whichever framing the response uses.
        return response
            .Split("\r\n")
            .Where(line => line.Length > 0 && line.All(char.IsAsciiDigit))
            .Select(line => long.Parse(line, CultureInfo.InvariantCulture))
            .Max();
    }

    /// <summary>Downloads, checks every byte, and returns how many came.</summary>
    public static async Task<long> Download(IPEndPoint address, string host, long count)
    {
        await using var stream = await Open(address);
        await SendHead(stream, $"GET /stream?bytes={count} HTTP/1.1\r\nHost: {host}\r\n");

        var buffer = new byte[256 << 10];
        var filled = 0;
        int bodyAt;
        while ((bodyAt = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled));
            Assert.True(read > 0, "the connection ended within the response's head");
            filled += read;
        }
        var head = Encoding.Latin1.GetString(buffer, 0, bodyAt);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {count}", head, StringComparison.OrdinalIgnoreCase);

        var position = 0L;
        var bytes = buffer.AsMemory(bodyAt + 4, filled - bodyAt - 4);
        while (true)
        {
            Pattern.Check(bytes.Span, position);
            position += bytes.Length;
            if (await stream.ReadAsync(buffer) is var read and > 0)
                bytes = buffer.AsMemory(0, read);
            else
                return position;
        }
    }

    private static async Task<NetworkStream> Open(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task SendHead(NetworkStream stream, string head) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "Connection: close\r\n\r\n"));

    private static async Task<string> ReadAll(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }
}
