using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>A server of HTTP/2 whose every connection does, frame by frame, what the test says; the connection closes when it has ended.</summary>
internal sealed class Http2Upstream : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<RawPeer, Task> _script;
    private readonly (int Id, uint Value)[] _settings;
    private readonly ConcurrentBag<RawPeer> _peers = [];
    private volatile bool _stopped;

    /// <summary>Listens.</summary>
    /// <param name="script">Runs once for each connection, after the prefaces and SETTINGS.</param>
    /// <param name="settings">The SETTINGS that it begins with.</param>
    public Http2Upstream(Func<RawPeer, Task> script, params (int Id, uint Value)[] settings)
    {
        _script = script;
        _settings = settings;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => _peers.Count;

    /// <summary>The heads of all requests, in the order of their arrival.</summary>
    public ConcurrentQueue<List<(string Name, string Value)>> Requests { get; } = new();

    /// <summary>Answers every request with 200 and this body, as soon as it is complete.</summary>
    public static Http2Upstream Answering(string body = "ok", params (int Id, uint Value)[] settings)
    {
        Http2Upstream? upstream = null;
        upstream = new Http2Upstream(
            async peer =>
            {
                while (await peer.NextMessageAsync() is { } frame)
                {
                    upstream!.Note(peer, frame);
                    if (frame.IsEndStream)
                    {
                        await Answer(peer, frame.StreamId, body).FlushAsync();
                    }
                }
            },
            settings
        );
        return upstream;
    }

    /// <summary>Keeps a request's head.</summary>
    public void Note(RawPeer peer, RawFrame frame)
    {
        if (frame.Type == FrameType.Headers)
        {
            Requests.Enqueue(peer.Decode(frame));
        }
    }

    public static RawPeer Answer(RawPeer peer, int streamId, string body = "ok") =>
        peer.Headers(streamId, endStream: false, (":status", "200")).Data(streamId, endStream: true, body);

    public void Dispose()
    {
        _stopped = true;
        _listener.Dispose();
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var peer = await RawPeer.AcceptEagerAsync(_listener, _settings);
                _peers.Add(peer);
                _ = RunAsync(peer);
            }
        }
        catch (Exception) when (_stopped)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(RawPeer peer)
    {
        try
        {
            await _script(peer);
        }
        catch (Exception e) when (_stopped || e is SocketException or ObjectDisposedException)
        {
            // The proxy has closed it, or the test is over.
        }

        peer.Dispose();
    }
}
