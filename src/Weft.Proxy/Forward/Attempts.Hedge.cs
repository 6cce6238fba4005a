using Weft.Http;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>The third kind of attempt: one that is made although the one before has not failed, only takes long.</summary>
internal sealed partial class Attempts
{
    private HedgedAttempt? _hedged;

    // The service wants it, and the request may be served twice.
    private bool _mayHedge;

    /// <summary>Whether a response may be delivered while others are still awaited.</summary>
    public bool IsAcceptable(ResponseHead response)
    {
        var grpc = _exchange.GrpcStatusIn(response);
        var report = new AttemptReport(AttemptEnd.Answered, response.Status, grpc is { } status ? (int)status : -1);
        return !(Rules?.Policy.Wants(report) ?? false)
            && !ListenerLoop.IsFailure(Route.Target.Spec, grpc?.HttpEquivalent() ?? response.Status);
    }

    /// <summary>Starts one more call, at an endpoint that was not asked yet, if there is one and the budget pays for it.</summary>
    /// <param name="name">Whose endpoint it is to be.</param>
    /// <param name="made">Hedges of this attempt so far.</param>
    /// <param name="call">The call.</param>
    public bool TryHedge(ConcreteName name, int made, out Call call)
    {
        var now = _loop.Loop.NowNanoseconds;
        if (_exchange.IsOver || !name.TryStart(now, _key, Tried, out call))
        {
            call = default;
            return false;
        }

        if (!Service.Hedging!.TryHedge(now, made, Service.Budget))
        {
            call.Finish(now, 0, CallOutcome.Ignored);
            return false;
        }

        Remember(call.Endpoint.Load);
        return true;
    }

    private async LoopTask<AttemptResult> HedgeAsync()
    {
        var hedging = Service.Hedging!;
        _hedged ??= new HedgedAttempt(this, _exchange, _loop);
        Remember(_call.Endpoint.Load);
        var chosen = await _hedged.RunAsync(hedging, _call, _made, _started, _freshOnly, _mayWait);
        _call = chosen.Call;
        RecordOthers(chosen, hedging);
        var result = await _exchange.ConcludeAsync(chosen);
        var ended = _loop.Loop.NowNanoseconds;
        EndedNanoseconds = ended;
        var latency = _exchange.LatencyFrom(chosen.Started, ended);
        if (chosen.HeadNanoseconds > 0)
        {
            hedging.Observe(ended, latency);
        }

        Record(chosen.Call, result, chosen.Number, chosen.Started, latency, ended);
        _ = await _hedged.EndAsync();
        return result;
    }

    private void RecordOthers(HedgeLane chosen, Hedging hedging)
    {
        var now = _loop.Loop.NowNanoseconds;
        foreach (var lane in _hedged!.Lanes)
        {
            if (lane == chosen)
            {
                continue;
            }

            var latency = (lane.HeadNanoseconds > 0 ? lane.HeadNanoseconds : now) - lane.Started;
            if (lane.HasHead)
            {
                hedging.Observe(now, latency);
                RecordAnswer(lane, latency, now);
            }
            else if (lane.IsDone)
            {
                Record(lane.Call, lane.Result, lane.Number, lane.Started, latency, now);
            }
            else
            {
                hedging.Observe(now, latency); // It takes at least this long.
                Record(lane.Call, AttemptResult.ClientGone, lane.Number, lane.Started, latency, now);
            }
        }
    }

    /// <summary>An endpoint has answered, and its answer is not delivered.</summary>
    private void RecordAnswer(HedgeLane lane, long latency, long now)
    {
        var response = lane.Client!.Response;
        var grpc = _exchange.GrpcStatusIn(response);
        var failed = ListenerLoop.IsFailure(Route.Target.Spec, grpc?.HttpEquivalent() ?? response.Status);
        lane.Call.Finish(now, latency, failed ? CallOutcome.Failure : CallOutcome.Success);
        _leaf.Slots.Record(_loop.Shard, response.Status, grpc, failed, lane.Number > 0, now - lane.Started);
        _made++;
    }
}
