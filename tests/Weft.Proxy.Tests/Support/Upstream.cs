using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Proxy.Tests;

/// <summary>A request as an upstream received it.</summary>
internal sealed record Seen(string Line, IReadOnlyList<(string Name, string Value)> Fields, string Body)
{
    /// <summary>The value of the only field of this name; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var found = All(name);
            Assert.True(found.Count < 2, $"'{name}' stands {found.Count} times: {string.Join(" | ", found)}");
            return found.Count == 0 ? null : found[0];
        }
    }

    public IReadOnlyList<string> All(string name) => [.. Fields.Where(f => f.Name == name).Select(f => f.Value)];
}

/// <summary>A server whose every connection does what the test says.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<UpstreamConnection, Task> _script;
    private readonly ConcurrentBag<Wire> _wires = [];
    private volatile bool _stopped;

    /// <summary>Listens.</summary>
    /// <param name="script">Runs once for each connection; the connection closes when it has ended.</param>
    /// <param name="port">0: any.</param>
    public Upstream(Func<UpstreamConnection, Task> script, int port = 0)
    {
        _script = script;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Requests in the order of their heads.</summary>
    public ConcurrentQueue<Seen> Requests { get; } = new();

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => _wires.Count;

    /// <summary>Answers every request with 200 and this body.</summary>
    public static Upstream Answering(string body = "ok", int port = 0) =>
        new(
            async connection =>
            {
                while (await connection.ReadAsync() is not null)
                {
                    await connection.AnswerAsync(body);
                }
            },
            port
        );

    /// <summary>Stops listening and breaks every connection off.</summary>
    public void Kill()
    {
        _stopped = true;
        _listener.Dispose();
        foreach (var wire in _wires)
        {
            wire.Reset();
        }
    }

    public void Dispose() => Kill();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var wire = new Wire(await _listener.AcceptAsync());
                _wires.Add(wire);
                _ = ServeAsync(new UpstreamConnection(this, wire));
            }
        }
        catch (Exception) when (_stopped)
        {
            // Killed.
        }
    }

    private async Task ServeAsync(UpstreamConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy broke it off, or the test killed the server.
        }
        catch (TimeoutException)
        {
            // Idle for longer than anything is waited for here: closed, as servers do, and not left open with nobody behind it.
        }

        connection.Wire.Dispose();
    }
}

/// <summary>One connection to an <see cref="Upstream"/>.</summary>
internal sealed class UpstreamConnection(Upstream upstream, Wire wire)
{
    public Wire Wire => wire;

    /// <summary>The next request; null when the connection ended.</summary>
    /// <param name="withBody">False leaves the body on the wire.</param>
    public async Task<Seen?> ReadAsync(bool withBody = true)
    {
        var head = await wire.ReadHeadAsync();
        if (head.Length == 0)
        {
            return null;
        }

        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        (string Name, string Value)[] fields = [.. lines.Skip(1).Select(Wire.Field)];
        var length = fields.FirstOrDefault(f => f.Name == "content-length").Value;
        var body = withBody && length is not null ? await wire.ReadAsync(int.Parse(length)) : "";
        var seen = new Seen(lines[0], fields, body);
        upstream.Requests.Enqueue(seen);
        return seen;
    }

    public Task AnswerAsync(string body, int status = 200, string fields = "") =>
        wire.SendAsync($"HTTP/1.1 {status} Some\r\ncontent-length: {body.Length}\r\n{fields}\r\n{body}");
}
