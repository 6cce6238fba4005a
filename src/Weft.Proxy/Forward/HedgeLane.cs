using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// One of the attempts of a request that run side by side, up to the head of its response. One that is not needed any more while it
/// still waits for a connection outlives the request, and gives back what it gets.
/// </summary>
internal sealed class HedgeLane : LoopTimer
{
    private readonly HedgedAttempt _owner;
    private readonly LoopState _loop;
    private readonly HopFields _fields;
    private readonly Action _onEnded;
    private LoopAwaiter<AttemptResult> _run;
    private bool _isCancelled;
    private bool _isTimedOut;

    public HedgeLane(HedgedAttempt owner, LoopState loop)
    {
        _owner = owner;
        _loop = loop;
        _fields = new HopFields(loop.Direction);
        _onEnded = OnEnded;
    }

    public Call Call { get; private set; }

    /// <summary>Attempts of the request before this one.</summary>
    public int Number { get; private set; }

    /// <summary>When it began, in the loop's nanoseconds.</summary>
    public long Started { get; private set; }

    /// <summary>When its response's head had come, in the loop's nanoseconds; 0 before.</summary>
    public long HeadNanoseconds { get; private set; }

    /// <summary>The exchange with the endpoint; null while there is no connection, and when there was none to be had.</summary>
    public ClientExchange? Client { get; private set; }

    /// <summary>Why there was none.</summary>
    public string? Message { get; private set; }

    /// <summary>It waits for nothing any more.</summary>
    public bool IsDone { get; private set; }

    /// <summary>How it ended; <see cref="AttemptResult.Delivered"/> stands for a head that can be delivered.</summary>
    public AttemptResult Result { get; private set; }

    public bool HasHead => IsDone && Result == AttemptResult.Delivered;

    private Exchange Exchange => _owner.Exchange;

    public void Start(Call call, int number, long started, bool freshOnly, bool mayWait)
    {
        (Call, Number, Started) = (call, number, started);
        (Client, Message, HeadNanoseconds) = (null, null, 0);
        (IsDone, _isCancelled, _isTimedOut) = (false, false, false);
        _run = RunAsync(freshOnly, mayWait).GetAwaiter();
        if (_run.IsCompleted)
        {
            OnEnded();
        }
        else
        {
            _run.UnsafeOnCompleted(_onEnded);
        }
    }

    /// <summary>Another one has won.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        Abort();
    }

    /// <summary>Its exchange with the endpoint has been given back.</summary>
    public void Forget() => Client = null;

    /// <summary>What is under way with the endpoint ends.</summary>
    public void Abort() => Client?.Abort();

    protected override void OnDue()
    {
        _isTimedOut = true;
        Abort();
    }

    private void OnEnded()
    {
        try
        {
            Result = _run.GetResult();
        }
        catch (Exception e)
        {
            _loop.OnDefect(e, Call.Endpoint.AddressText);
            Result = AttemptResult.UpstreamReset;
        }

        _run = default;
        TimerWheel.Clear(this);
        IsDone = true;
        _owner.OnEnded(this);
    }

    private async LoopTask<AttemptResult> RunAsync(bool freshOnly, bool mayWait)
    {
        var endpoint = Call.Endpoint;
        var protocol = endpoint.ProtocolFor(Exchange.Server.Request);
        var client = freshOnly ? null : endpoint.TryTake(protocol);
        if (client is null)
        {
            var acquired = await Exchange.AcquireAsync(endpoint, protocol, freshOnly, mayWait);
            client = acquired.Exchange;
            if (client is null)
            {
                Message = acquired.Message;
                return _isCancelled ? AttemptResult.ClientGone : Exchange.ResultOf(acquired);
            }
        }

        Client = client;
        if (_isCancelled)
        {
            return AttemptResult.ClientGone; // Nothing was sent, and the request may be over.
        }

        if (Exchange.IsOver)
        {
            client.Abort();
        }

        if (Exchange.AttemptTimeout is { } limit)
        {
            _loop.Loop.SetTimer(this, (long)limit.TotalMilliseconds);
        }

        return await ExchangeAsync(client);
    }

    private async LoopTask<AttemptResult> ExchangeAsync(ClientExchange client)
    {
        var exchange = Exchange;
        var method = exchange.Server.Request.Method;
        exchange.Touch();
        exchange.Build(_fields, Call.Name, Number);
        _ = await client.SendHeadAsync(
            exchange.Server.Request,
            _fields.Added,
            exchange.WholeBody,
            exchange.Server.RequestBody.Trailers
        );
        do
        {
            var outcome = await client.ReadHeadAsync(method);
            if (outcome != ResponseOutcome.Head)
            {
                return _isCancelled ? AttemptResult.ClientGone
                    : _isTimedOut ? AttemptResult.TimedOut
                    : exchange.Diagnose(outcome, client);
            }
        } while (client.Response.IsInterim); // They would come from several endpoints.

        HeadNanoseconds = _loop.Loop.NowNanoseconds;
        return _isCancelled ? AttemptResult.ClientGone : AttemptResult.Delivered;
    }
}
