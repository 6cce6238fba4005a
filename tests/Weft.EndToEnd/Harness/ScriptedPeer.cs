using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// One end of a TCP connection that does exactly what the test says: sends these bytes, expects those, holds still, ends its half,
/// or resets. Text is Latin-1, one character per byte. Every wait has <see cref="Eventually.Deadline"/>.
/// </summary>
internal sealed class ScriptedPeer : IDisposable
{
    private const int LargestBody = 64 << 20;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    public ScriptedPeer(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
    }

    /// <summary>True when the other side has ended or sent something that nobody asked for yet.</summary>
    public bool HasNewsWaiting => _end > _start || _socket.Poll(0, SelectMode.SelectRead);

    public static async Task<ScriptedPeer> Connect(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await Eventually.Within(
                async token =>
                {
                    await socket.ConnectAsync(address, token);
                    return true;
                },
                () => $"accept a connection on {address}"
            );
            return new ScriptedPeer(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var rest = bytes;
            var sent = await Eventually.Within(
                token => _socket.SendAsync(rest, token),
                () => $"take the {rest.Length} bytes that remain to be sent"
            );
            bytes = bytes[sent..];
        }
    }

    /// <summary>The next bytes must be these.</summary>
    public async Task Expect(string text) => Assert.Equal(text, await ReadExactly(text.Length));

    public async Task<string> ReadExactly(int count)
    {
        while (_end - _start < count)
            await Fill($"send {count} bytes");
        return Take(count);
    }

    /// <summary>A request's or response's head, with the empty line that ends it.</summary>
    public async Task<string> ReadHead()
    {
        while (true)
        {
            var at = Unread.IndexOf("\r\n\r\n"u8);
            if (at >= 0)
                return Take(at + 4);
            await Fill("send a head");
        }
    }

    /// <summary>The next response, an interim (1xx) one too. <paramref name="toHead"/>: it answers HEAD and has no body.</summary>
    public async Task<RawResponse> ReadResponse(bool toHead = false)
    {
        var lines = (await ReadHead()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var statusLine = lines[0].Split(' ', 3);
        var headers = lines[1..].Select(SplitHeader).ToList();
        var response = new RawResponse(
            statusLine[0],
            int.Parse(statusLine[1], NumberStyles.None, CultureInfo.InvariantCulture),
            headers,
            []
        );
        if (toHead || response.Status is (>= 100 and < 200) or 204 or 304)
            return response;
        return response with { Body = Encoding.Latin1.GetBytes(await ReadBody(response)) };
    }

    /// <summary>The next final response: interim ones are passed over.</summary>
    public async Task<RawResponse> ReadFinalResponse(bool toHead = false)
    {
        while (true)
        {
            var response = await ReadResponse(toHead);
            if (response.Status >= 200)
                return response;
        }
    }

    /// <summary>Whatever comes until the other side ends its half in good order.</summary>
    public async Task<string> ReadToEnd()
    {
        while (await TryFill("end its half of the connection")) { }
        return Take(_end - _start);
    }

    /// <summary>The other side ends in good order, having sent nothing more.</summary>
    public async Task ExpectEnd() => Assert.Equal("", await ReadToEnd());

    /// <summary>The other side goes away, in good order or by a reset, having sent nothing more.</summary>
    public async Task ExpectClosed()
    {
        try
        {
            await ExpectEnd();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // A reset is what a server does that refuses to read the rest: as good as an end here.
            Assert.Equal(0, _end - _start);
        }
    }

    /// <summary>The other side goes away by a reset.</summary>
    public async Task ExpectReset()
    {
        var e = await Assert.ThrowsAsync<SocketException>(ReadToEnd);
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection: the other side sees a reset, not an end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    private async Task<string> ReadBody(RawResponse response)
    {
        if (string.Equals(response.Header("transfer-encoding"), "chunked", StringComparison.OrdinalIgnoreCase))
            return await ReadChunks();
        if (response.Header("content-length") is not { } length)
            return await ReadToEnd();
        var count = long.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture);
        Assert.InRange(count, 0, LargestBody);
        return await ReadExactly((int)count);
    }

    private async Task<string> ReadChunks()
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = await ReadLine();
            var size = int.Parse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            Assert.InRange(size, 0, LargestBody - body.Length);
            if (size == 0)
                break;
            body.Append(await ReadExactly(size));
            await Expect("\r\n");
        }
        while ((await ReadLine()).Length > 0) { }
        return body.ToString();
    }

    private async Task<string> ReadLine()
    {
        while (true)
        {
            var at = Unread.IndexOf("\r\n"u8);
            if (at >= 0)
                return Take(at + 2)[..^2];
            await Fill("send a line");
        }
    }

    private static (string Name, string Value) SplitHeader(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        Assert.True(colon > 0, $"not a header: '{line}'");
        return (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }

    private string Take(int count)
    {
        var text = Encoding.Latin1.GetString(_buffer, _start, count);
        _start += count;
        return text;
    }

    private async Task Fill(string what)
    {
        if (!await TryFill(what))
            throw new EndOfStreamException($"the other side ended; it was to {what}; last came '{Tail()}'");
    }

    private async Task<bool> TryFill(string what)
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await Eventually.Within(
            token => _socket.ReceiveAsync(_buffer.AsMemory(_end), token),
            () => $"{what}; last came '{Tail()}'"
        );
        _end += read;
        return read > 0;
    }

    private string Tail()
    {
        var unread = Unread;
        return Encoding.Latin1.GetString(unread[Math.Max(0, unread.Length - 200)..]);
    }
}
