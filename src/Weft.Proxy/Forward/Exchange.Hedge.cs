using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>What attempts that run side by side need of the request (<see cref="HedgedAttempt"/>).</summary>
internal sealed partial class Exchange
{
    // Those under way, until one of them is delivered.
    private HedgedAttempt? _hedged;

    /// <summary>The whole body, if there is one, came with the head, so that it can be sent to several endpoints at once.</summary>
    public bool IsWholeAtHand =>
        !_pump.HasStarted
        && Server.Request is { IsTunnel: false, ExpectContinue: false } request
        && FirstPiece(request).IsLast;

    /// <summary>The body, where <see cref="IsWholeAtHand"/>.</summary>
    public BodyChunk WholeBody => _first;

    public void BeginHedged(HedgedAttempt attempt)
    {
        _hedged = attempt;
        BeginAttempt();
        Touch();
    }

    /// <summary>A connection to an endpoint for an exchange.</summary>
    public LoopTask<Acquired> AcquireAsync(
        UpstreamEndpoint endpoint,
        WireProtocol protocol,
        bool freshOnly,
        bool mayWait
    ) => endpoint.AcquireAsync(protocol, freshOnly, mayWait, Server.Connection, _deadlineMilliseconds);

    /// <summary>Makes the fields of one of the attempts.</summary>
    public void Build(HopFields fields, ConcreteName concrete, int attempt)
    {
        fields.Forwarded = Forwarded;
        fields.Build(Server.Request, IsGrpc, Route, concrete, attempt, StatedTime);
    }

    /// <summary>The status of a gRPC call that a response's head carries.</summary>
    public GrpcStatus? GrpcStatusIn(ResponseHead response) => IsGrpc ? GrpcMessages.StatusOf(response) : null;

    /// <summary>Delivers the response of the attempt that was chosen, unless the policy wants another one; or says how the attempt failed.</summary>
    public async LoopTask<AttemptResult> ConcludeAsync(HedgeLane lane)
    {
        _hedged = null;
        _connectFailure = lane.Message;
        _headNanoseconds = lane.HeadNanoseconds;
        var result = lane.Result;
        if (lane.HasHead && IsOver)
        {
            result = _clientLost ? AttemptResult.ClientGone : AttemptResult.TimedOut; // While it waited for a better one.
        }
        else if (lane.HasHead)
        {
            _client = lane.Client!;
            Touch();
            result = await JudgeAsync(_client);
            _client = null;
        }

        TimerWheel.Clear(_idleTimer);
        if (lane.Client is { } client)
        {
            lane.Forget();
            EndAttempt(lane.Call.Endpoint, client, result);
        }

        return result;
    }

    /// <summary>Gives an exchange back that nothing is to be had from any more.</summary>
    public void GiveBack(UpstreamEndpoint endpoint, ClientExchange client)
    {
        _loop.Connections.CountUpstream(client);
        endpoint.Return(client, isReusable: false);
    }
}
