using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// Passes the part of a request's body on that did not come with its head, while the response is awaited and delivered. What may be needed for
/// another attempt is kept. Between two attempts the pump has nobody to send to: it reads on as long as what comes can be kept.
/// </summary>
internal sealed class RequestPump(Exchange exchange)
{
    private readonly ReplayBuffer _kept = new(exchange.Loop.Buffers);
    private readonly LoopSignal<bool> _resumed = new();
    private LoopTask<bool> _run;
    private LoopTask<bool> _catchUp;
    private ClientExchange? _target;
    private bool _discarding;

    /// <summary>It was started and has not been seen to end: the client may still be sending.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>It was started: more of the body has been asked for than came with the head.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>All that has come of the body is there to be sent again, and what is to come will be.</summary>
    public bool CanReplay => _kept.IsWhole && State is BodyState.More or BodyState.Last;

    /// <summary>Where the request's body stands.</summary>
    public BodyState State { get; set; }

    private ServerExchange Server => exchange.Server;

    public void Begin()
    {
        _discarding = false;
        _target = null;
        HasStarted = false;
        State = BodyState.More;
    }

    /// <summary>Starts; at most once per request.</summary>
    /// <param name="client">Where what comes is sent.</param>
    /// <param name="first">The piece that was sent with the head; its bytes are gone when more is read.</param>
    /// <param name="replayBytes">So much of the body is kept; 0 keeps nothing.</param>
    public void Start(ClientExchange client, BodyChunk first, int replayBytes)
    {
        _kept.Begin(Server.Request.ContentLength > replayBytes ? 0 : replayBytes);
        _kept.Append(first);
        _target = client;
        HasStarted = true;
        IsRunning = true;
        _run = RunAsync();
    }

    /// <summary>The body has come to its end and is there as a whole.</summary>
    public bool HasAll => HasStarted && _kept.IsWhole && State == BodyState.Last;

    /// <summary>The first piece of a further attempt: all that has come so far.</summary>
    public BodyChunk Replayed() => _kept.From(0);

    /// <summary>The head of a further attempt has left with the bytes up to an offset; what has come since follows, and then what comes.</summary>
    public void Attach(ClientExchange client, int offset) => _catchUp = CatchUpAsync(client, offset);

    /// <summary>
    /// The attempt is over. With another one to follow, the pump only loses whom it sends to. Otherwise one that waits for the client goes on,
    /// discarding, until <see cref="JoinAsync"/>; the connection to the endpoint is out of step then and breaks off, which ends a pump that waits
    /// for the endpoint.
    /// </summary>
    public async LoopTask StopAsync(ClientExchange client, AttemptResult result)
    {
        var mayFollow = result > AttemptResult.ClientGone && CanReplay;
        _target = null;
        if (!_run.IsCompleted || !_catchUp.IsCompleted)
        {
            if (!mayFollow)
            {
                Discard();
            }

            client.Abort();
            if (result is AttemptResult.BrokenOff or AttemptResult.ClientGone)
            {
                exchange.AbortServer(client);
            }

            await exchange.Loop.YieldAsync();
        }

        _ = await _catchUp;
        _catchUp = default;
        if (_run.IsCompleted)
        {
            _ = await JoinAsync();
        }
    }

    /// <summary>No attempt follows: what still comes is read away.</summary>
    public void Discard()
    {
        _discarding = true;
        _resumed.Complete(result: true);
    }

    /// <summary>Waits for its end: whether all of the client's body has left.</summary>
    public async LoopTask<bool> JoinAsync()
    {
        var sound = await _run;
        _run = default;
        IsRunning = false;
        return sound;
    }

    /// <summary>Gives the memory of what was kept back.</summary>
    public void Release()
    {
        if (HasStarted)
        {
            _kept.Release();
        }
    }

    private async LoopTask<bool> RunAsync()
    {
        while (true)
        {
            var chunk = await Server.RequestBody.ReadAsync();
            State = chunk.State;
            if (chunk.IsFailed)
            {
                // The endpoint must not take what it has for the whole.
                _target?.Abort();
                return false;
            }

            if (_target is null && !_discarding && !_kept.Takes(chunk))
            {
                // The next attempt will send what is kept and then this, which nobody can send once more.
                _ = await _resumed.Arm();
            }

            _kept.Append(chunk);
            if (!_discarding && _target is { } target && !await SendAsync(target, chunk) && !_kept.IsWhole)
            {
                return false;
            }

            if (chunk.IsLast)
            {
                return true;
            }
        }
    }

    private async LoopTask<bool> CatchUpAsync(ClientExchange client, int offset)
    {
        while (true)
        {
            var chunk = _kept.From(offset);
            if (chunk.Data.IsEmpty && !chunk.IsLast)
            {
                break;
            }

            offset = _kept.Length;
            if (!await SendAsync(client, chunk))
            {
                return false;
            }

            if (chunk.IsLast)
            {
                return true;
            }
        }

        _target = client;
        _resumed.Complete(result: true);
        return true;
    }

    private async LoopTask<bool> SendAsync(ClientExchange client, BodyChunk chunk)
    {
        exchange.Touch();
        if (!await client.SendBodyAsync(chunk, Server.RequestBody.Trailers))
        {
            return false;
        }

        exchange.OnMoved(client);
        return true;
    }
}
