using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>What becomes of a request once both sides have agreed to leave HTTP: bytes both ways, until each side has ended its own.</summary>
internal sealed partial class Exchange
{
    /// <summary>The client was told that its tunnel is open.</summary>
    public bool IsTunnelOpen { get; private set; }

    /// <summary>Opens the tunnel that the endpoint has agreed to, and carries bytes through it until it ends.</summary>
    private async LoopTask<AttemptResult> RunTunnelAsync(ClientExchange client)
    {
        // The request's times were for the answer. What bounds a tunnel is how long nothing moves in it.
        TimerWheel.Clear(_deadlineTimer);
        _deadlineMilliseconds = long.MaxValue;
        IsTunnelOpen = true;
        Status = Server.Request.Version == ProtocolVersion.Http2 || Server.Request.Protocol.IsEmpty ? 200 : 101;
        _toClient.Clear();
        _toClient.Add(ContextFields.ViaOf(client.Response.Version));
        var chunk = client.ResponseBody.Take();
        var sound = await Server.SendHeadAsync(client.Response, _toClient, chunk, null);
        if (sound)
        {
            _pump.Start(client, BodyChunk.None, 0); // Not a byte of the client's goes on before.
        }

        while (sound && !chunk.IsLast)
        {
            Touch();
            chunk = await client.ResponseBody.ReadAsync();
            if (chunk.IsFailed)
            {
                return BrokenTunnel();
            }

            Touch();
            sound = await Server.SendBodyAsync(chunk, null);
            CountBytes(client);
        }

        // The endpoint has said all that it will; the client may go on.
        return !sound ? AttemptResult.ClientGone
            : await _pump.JoinAsync() ? AttemptResult.Delivered
            : BrokenTunnel();
    }

    /// <summary>A tunnel that the client broke off or in which nothing moved is no failure of its endpoint.</summary>
    private AttemptResult BrokenTunnel() =>
        _clientLost || _pump.State == BodyState.Broken || _timeout != TimeoutKind.None
            ? AttemptResult.ClientGone
            : AttemptResult.BrokenOff;
}
