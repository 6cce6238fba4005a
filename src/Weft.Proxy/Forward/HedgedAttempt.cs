using System.Runtime.InteropServices;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>
/// An attempt that is joined by another one, at another endpoint, when it takes longer than most (<see cref="Hedging"/>): the first acceptable
/// response is delivered, the others are cancelled. One per request at a time; used for one request after the other.
/// </summary>
internal sealed class HedgedAttempt(Attempts attempts, Exchange exchange, LoopState loop) : LoopTimer
{
    private readonly LoopSignal<bool> _changed = new();
    private readonly Stack<HedgeLane> _free = [];
    private readonly List<HedgeLane> _lanes = [];
    private Hedging _hedging = null!;

    public Exchange Exchange => exchange;

    /// <summary>The attempts of the present request, in the order in which they began.</summary>
    public ReadOnlySpan<HedgeLane> Lanes => CollectionsMarshal.AsSpan(_lanes);

    /// <summary>Sends the request, and sends it again each time that one more is due, until there is a response to deliver or none to be expected.</summary>
    /// <param name="hedging">When one more is due.</param>
    /// <param name="call">The first call.</param>
    /// <param name="number">Attempts of the request before this one.</param>
    /// <param name="started">When this one began, in the loop's nanoseconds.</param>
    /// <param name="freshOnly">A connection that has carried requests before will not do.</param>
    /// <param name="mayWait">The first call waits for a connection where none may be opened.</param>
    /// <returns>The attempt whose result is the request's; the others are cancelled or have failed.</returns>
    public async LoopTask<HedgeLane> RunAsync(
        Hedging hedging,
        Call call,
        int number,
        long started,
        bool freshOnly,
        bool mayWait
    )
    {
        _hedging = hedging;
        exchange.BeginHedged(this);
        Start(call, number, started, freshOnly, mayWait);
        Schedule(started);
        var chosen = Choose();
        while (chosen is null)
        {
            _ = await _changed.Arm();
            chosen = Choose();
        }

        TimerWheel.Clear(this);
        foreach (var lane in _lanes)
        {
            if (!lane.IsDone)
            {
                lane.Cancel();
            }
        }

        return chosen;
    }

    /// <summary>After the response: waits until nothing of the request's is in use any more by those that were cancelled.</summary>
    public async LoopTask<bool> EndAsync()
    {
        while (_lanes.Exists(lane => !lane.IsDone && lane.Client is not null))
        {
            _ = await _changed.Arm();
        }

        foreach (var lane in _lanes)
        {
            if (lane.IsDone)
            {
                Recycle(lane);
            }
        }

        _lanes.Clear();
        return true;
    }

    /// <summary>Ends what is under way with endpoints: nobody waits for it any more.</summary>
    public void Abort()
    {
        foreach (var lane in _lanes)
        {
            lane.Abort();
        }
    }

    /// <summary>An attempt waits for nothing any more.</summary>
    public void OnEnded(HedgeLane lane)
    {
        if (_lanes.Contains(lane))
        {
            _changed.Complete(result: true);
        }
        else
        {
            Recycle(lane); // It was waiting for a connection when its request ended.
        }
    }

    protected override void OnDue()
    {
        if (attempts.TryHedge(_lanes[0].Call.Name, _lanes.Count - 1, out var call))
        {
            var now = loop.Loop.NowNanoseconds;
            Schedule(now);
            Start(call, _lanes[0].Number + _lanes.Count, now, freshOnly: false, mayWait: false);
        }
    }

    private void Start(Call call, int number, long started, bool freshOnly, bool mayWait)
    {
        var lane = _free.TryPop(out var used) ? used : new HedgeLane(this, loop);
        _lanes.Add(lane);
        lane.Start(call, number, started, freshOnly, mayWait);
    }

    private void Schedule(long now)
    {
        var wait = _hedging.Wait(now);
        if (wait != Hedging.Never)
        {
            loop.Loop.SetTimer(this, (wait + Nanoseconds.PerMillisecond - 1) / Nanoseconds.PerMillisecond);
        }
    }

    /// <summary>The first with an acceptable response; when nothing more is to come, one with any response, and otherwise the last to have begun.</summary>
    private HedgeLane? Choose()
    {
        HedgeLane? answered = null;
        var isWaiting = false;
        foreach (var lane in _lanes)
        {
            if (lane.HasHead && attempts.IsAcceptable(lane.Client!.Response))
            {
                return lane;
            }

            answered = lane.HasHead ? lane : answered;
            isWaiting |= !lane.IsDone;
        }

        return isWaiting ? null : answered ?? _lanes[^1];
    }

    private void Recycle(HedgeLane lane)
    {
        if (lane.Client is { } client)
        {
            exchange.GiveBack(lane.Call.Endpoint, client);
        }

        lane.Forget();
        _free.Push(lane);
    }
}
