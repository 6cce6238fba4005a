using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>One end of a connection, byte by byte: what HTTP libraries would hide can be said and seen.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects; <paramref name="from"/> is the address that the other side sees, where it matters.</summary>
    public static async Task<Wire> ConnectAsync(IPEndPoint endPoint, IPAddress? from = null)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        await socket.ConnectAsync(endPoint).WithinLimit();
        return new Wire(socket);
    }

    public async Task SendAsync(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var sent = 0; sent < bytes.Length; )
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None).AsTask().WithinLimit();
        }
    }

    /// <summary>The next head with its empty line; empty when the connection ended instead.</summary>
    public async Task<string> ReadHeadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return TakeText(end + 4);
            }

            if (!await FillAsync())
            {
                return "";
            }
        }
    }

    /// <summary>So many bytes, or fewer when the connection ended.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var text = new StringBuilder();
        while (text.Length < count && (_end > _start || await FillAsync()))
        {
            text.Append(TakeText(Math.Min(count - text.Length, _end - _start)));
        }

        return text.ToString();
    }

    /// <summary>A body in chunks, without their framing; what came of it when the connection ended before.</summary>
    public async Task<string> ReadChunkedAsync() => (await ReadChunksAsync()).Item1;

    /// <summary>Everything up to the end of the connection.</summary>
    public Task<string> ReadToEndAsync() => ReadAsync(int.MaxValue);

    /// <summary>The next response, interim ones included; null when the connection ended before it.</summary>
    public async Task<RawResponse?> ReadResponseAsync(bool toHead = false)
    {
        var head = await ReadHeadAsync();
        if (head.Length == 0)
        {
            return null;
        }

        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        (string Name, string Value)[] fields = [.. lines.Skip(1).Select(Field)];
        var length = fields.FirstOrDefault(f => f.Name == "content-length").Value;
        var (body, complete) =
            toHead || status is < 200 or 204 or 304 ? ("", true)
            : fields.Any(f => f.Name == "transfer-encoding") ? await ReadChunksAsync()
            : length is null ? (await ReadToEndAsync(), true)
            : await ReadBodyAsync(int.Parse(length, CultureInfo.InvariantCulture));
        return new RawResponse(status, fields, body, complete);
    }

    /// <summary>True when the other side ends the connection without another byte.</summary>
    public async Task<bool> EndsAsync() => (await ReadToEndAsync()).Length == 0;

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection off, so that the other side sees a reset.</summary>
    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (ObjectDisposedException)
        {
            // Closed before.
        }

        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    internal static (string Name, string Value) Field(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
    }

    private async Task<(string, bool)> ReadBodyAsync(int length)
    {
        var body = await ReadAsync(length);
        return (body, body.Length == length);
    }

    private async Task<(string, bool)> ReadChunksAsync()
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.Length == 0)
            {
                return (body.ToString(), false);
            }

            var size = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return (body.ToString(), await ReadAsync(2) == "\r\n");
            }

            body.Append(await ReadAsync(size));
            await ReadAsync(2);
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (await ReadAsync(1) is { Length: 1 } next)
        {
            if (next == "\n")
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }

        return "";
    }

    private string TakeText(int count)
    {
        var text = Encoding.Latin1.GetString(_buffer, _start, count);
        _start += count;
        return text;
    }

    private async Task<bool> FillAsync()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        try
        {
            var n = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None).AsTask().WithinLimit();
            _end += n;
            return n > 0;
        }
        catch (SocketException)
        {
            return false; // A reset is an end as well.
        }
    }
}
