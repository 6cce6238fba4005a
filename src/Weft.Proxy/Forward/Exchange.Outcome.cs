using Weft.Http;

namespace Weft.Proxy;

/// <summary>What came of an attempt, and how it is told.</summary>
internal sealed partial class Exchange
{
    /// <summary>The contract's reason for a failed attempt.</summary>
    public ErrorReason ReasonOf(AttemptResult result) =>
        result switch
        {
            AttemptResult.ConnectFailed => ErrorReason.ConnectFailed,
            AttemptResult.PoolFull => ErrorReason.Overloaded,
            AttemptResult.UpstreamMalformed or AttemptResult.NotSwitched => ErrorReason.UpstreamProtocol,
            AttemptResult.ClientMalformed => ErrorReason.BadRequest,
            AttemptResult.TimedOut => IsTimeUp ? ErrorReason.Deadline
            : _timeout == TimeoutKind.Idle && _pump.IsRunning ? ErrorReason.ClientTimeout
            : ErrorReason.AttemptTimeout,
            _ => ErrorReason.UpstreamReset,
        };

    /// <summary>What the client is told of a failed attempt.</summary>
    public ProxyError Explain(AttemptResult result, Call call)
    {
        var (concrete, endpoint) = (call.Name, call.Endpoint);
        var reason = ReasonOf(result);
        var at = $"{endpoint.AddressText} of {concrete.Label}";
        return new ProxyError(
            reason,
            reason switch
            {
                ErrorReason.ConnectFailed => $"connecting to {at}: {_connectFailure}",
                ErrorReason.Overloaded => $"all {concrete.Spec.Pool.MaxConnections} connections to {at} are in use",
                ErrorReason.UpstreamProtocol when result == AttemptResult.NotSwitched =>
                    $"{at} does not switch to the protocol that the request asks for",
                ErrorReason.UpstreamProtocol => $"{at} sent no valid response ({_rejection})",
                ErrorReason.BadRequest => $"the request's body breaks its framing ({Server.RequestBody.Reason})",
                ErrorReason.Deadline => $"the request's time ran out while {at} was working on it",
                ErrorReason.AttemptTimeout => $"{at} did not answer in time",
                ErrorReason.ClientTimeout => "the request's body stopped coming",
                _ when ResetCode is { } code => $"{at} reset the request's stream ({code})",
                _ when result == AttemptResult.Refused => $"{at} took no more requests on its connection",
                _ when _carrierEnd >= Http2EndReason.BadPreface =>
                    $"the HTTP/2 connection to {at} ended ({_carrierEnd}); if it speaks HTTP/1.1, say 'protocol: http1' in its Service",
                _ when _accusation is { } code => $"{at} ended the HTTP/2 connection ({code})",
                _ => $"{at} closed the connection before it had answered",
            }
        );
    }

    /// <summary>
    /// A gRPC call whose answer has begun can still end with a status; it cannot while a piece of that answer waits for the client to read.
    /// </summary>
    private bool CanEndCall => IsGrpc && _awaitsEndpoint && Server.CanReset;

    /// <summary>
    /// What there is to say of a gRPC call whose answer broke off: it becomes the call's status. Null for what is no call, and for one that its endpoint has reset: a reset
    /// stays a reset.
    /// </summary>
    public ProxyError? ExplainBrokenOff()
    {
        if (!IsGrpc || !Server.CanReset || ResetCode is not null || IsTunnelOpen)
        {
            return null;
        }

        var error =
            IsTimeUp ? new ProxyError(ErrorReason.Deadline, "the call's time ran out while its answer was on its way")
            : _timeout != TimeoutKind.None
                ? new ProxyError(ErrorReason.AttemptTimeout, "the call's answer stopped coming")
            : new ProxyError(
                ErrorReason.UpstreamReset,
                "the connection to the endpoint broke while its answer was on its way"
            );
        _grpcStatus = GrpcStatuses.Of(error.Reason);
        return error;
    }

    /// <summary>How an attempt has failed whose response's head did not come.</summary>
    public AttemptResult Diagnose(ResponseOutcome outcome, ClientExchange client)
    {
        if (_pump.State == BodyState.Malformed)
        {
            return AttemptResult.ClientMalformed;
        }

        if (_clientLost || _pump.State == BodyState.Broken)
        {
            return AttemptResult.ClientGone;
        }

        if (_timeout != TimeoutKind.None || IsTimeUp)
        {
            return AttemptResult.TimedOut;
        }

        if (outcome is ResponseOutcome.Malformed or ResponseOutcome.NotOffered)
        {
            _rejection = client.Reason;
            return _rejection is RejectReason.ProtocolNotOffered or RejectReason.ProtocolNotSwitched
                ? AttemptResult.NotSwitched
                : AttemptResult.UpstreamMalformed;
        }

        if (outcome == ResponseOutcome.Refused && IsReplayable)
        {
            return AttemptResult.Refused;
        }

        var replayable =
            (IsReplayable || Server.Request.IsTunnel) && RequestMethods.IsIdempotent(Server.Request.Method);
        return outcome == ResponseOutcome.ClosedUnanswered && client.IsReused && replayable
            ? AttemptResult.StaleConnection
            : AttemptResult.UpstreamReset;
    }
}
