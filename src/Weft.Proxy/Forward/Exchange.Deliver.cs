using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>A response on its way to the client, and what follows it.</summary>
internal sealed partial class Exchange
{
    /// <summary>The head of the final response has come.</summary>
    private LoopTask<AttemptResult> AnswerAsync(ClientExchange client)
    {
        // It was there when this turn began; how long the others of the turn kept it waiting is not the endpoint's doing.
        _headNanoseconds = Loop.TurnNanoseconds > _turnNanoseconds ? Loop.TurnNanoseconds : Loop.NowNanoseconds;
        TimerWheel.Clear(_attemptTimer);
        return client.Response.SwitchesProtocol ? RunTunnelAsync(client) : JudgeAsync(client);
    }

    /// <summary>Delivers a response whose head has come, unless the policy wants another one.</summary>
    private LoopTask<AttemptResult> JudgeAsync(ClientExchange client)
    {
        Status = client.Response.Status;
        _grpcStatus = GrpcStatusIn(client.Response);
        return _judge.IsUnwanted(client.Response, _grpcStatus)
            ? new LoopTask<AttemptResult>(AttemptResult.Unwanted)
            : DeliverAsync(client);
    }

    /// <summary>Passes the response on; most are there as a whole, and leave in one piece.</summary>
    private LoopTask<AttemptResult> DeliverAsync(ClientExchange client)
    {
        Route.EditResponse(client.Response);
        _toClient.Clear();
        Route.AddResponseFields(_toClient);
        _toClient.Add(ContextFields.ViaOf(client.Response.Version));
        if (HasGivenUp && client.Response.Find(ContextFields.RetryName) < 0)
        {
            _toClient.Add(ContextFields.RetryExhausted);
        }

        var chunk = client.ResponseBody.Take();
        if (chunk.IsFailed)
        {
            // Nothing has reached the client: there is still a choice.
            _rejection = client.ResponseBody.Reason;
            return new LoopTask<AttemptResult>(
                _clientLost ? AttemptResult.ClientGone
                : chunk.State == BodyState.Malformed ? AttemptResult.UpstreamMalformed
                : _timeout != TimeoutKind.None ? AttemptResult.TimedOut
                : AttemptResult.UpstreamReset
            );
        }

        var sending = Server.SendHeadAsync(client.Response, _toClient, chunk, client.ResponseBody.Trailers);
        return chunk.IsLast && sending.IsCompleted
            ? new LoopTask<AttemptResult>(EndDelivery(client, sending.GetAwaiter().GetResult()))
            : DeliverBodyAsync(client, sending, chunk.IsLast);
    }

    /// <summary>Passes a response on, piece by piece, whose head is leaving.</summary>
    private async LoopTask<AttemptResult> DeliverBodyAsync(ClientExchange client, LoopTask<bool> sending, bool isLast)
    {
        var sound = await sending;
        while (sound && !isLast)
        {
            Touch();
            _awaitsEndpoint = true;
            var chunk = await client.ResponseBody.ReadAsync();
            _awaitsEndpoint = false;
            if (chunk.IsFailed)
            {
                return _clientLost ? AttemptResult.ClientGone : AttemptResult.BrokenOff;
            }

            Touch();
            isLast = chunk.IsLast;
            sound = await Server.SendBodyAsync(chunk, client.ResponseBody.Trailers);
            CountBytes(client);
        }

        return EndDelivery(client, sound);
    }

    /// <summary>The response has left, or its client has stopped taking it.</summary>
    private AttemptResult EndDelivery(ClientExchange client, bool sound)
    {
        if (IsGrpc)
        {
            _grpcStatus ??= GrpcMessages.StatusOf(client.ResponseBody.Trailers);
        }

        // A client that does not read until the idle time is over has gone away as well.
        return sound ? AttemptResult.Delivered
            : IsTimeUp ? AttemptResult.BrokenOff
            : AttemptResult.ClientGone;
    }

    /// <summary>Ends the response unfinished; where the endpoint gave a reason that concerns more than its own hop, with that.</summary>
    public void AbortServer(ClientExchange? client = null) =>
        Server.Reset(StreamEnds.PassedOn(client is null ? ResetCode : client.ResetCode));

    /// <summary>After the response: what the client still sends of its body is read away, for a moment.</summary>
    public LoopTask JoinAsync()
    {
        if (_pump.IsRunning)
        {
            return LingerAsync();
        }

        EndRequest();
        return LoopTask.Completed;
    }

    private async LoopTask LingerAsync()
    {
        _pump.Discard();
        if (Server.CanReset)
        {
            Server.Reset(Http2ErrorCode.NoError); // The rest of the body need not come any more (RFC 9113 section 8.1).
        }

        Loop.SetTimer(_idleTimer, LingerMilliseconds);
        _timeout = TimeoutKind.Linger;
        await _pump.JoinAsync();
        TimerWheel.Clear(_idleTimer);
        EndRequest();
    }

    private void EndRequest()
    {
        _pump.Release();
        _loop.Connections.CountDownstream(Server);
    }

    /// <summary>A response that nobody wants has come whole: its connection is in step.</summary>
    private static bool IsReadAway(ClientExchange client)
    {
        _ = client.ResponseBody.Take();
        return client.ResponseBody.IsComplete;
    }
}
