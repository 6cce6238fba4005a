using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>A server whose every connection the test plays itself: <c>using var c = await upstream.Accept();</c></summary>
internal sealed class ScriptedUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ScriptedUpstream()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    /// <summary>True when a connection waits that <see cref="Accept"/> would take at once.</summary>
    public bool HasConnectionWaiting => _listener.Poll(0, SelectMode.SelectRead);

    public async Task<ScriptedPeer> Accept() =>
        new(await Eventually.Within(_listener.AcceptAsync, () => $"connect to {Address}"));

    public void Dispose() => _listener.Dispose();
}
