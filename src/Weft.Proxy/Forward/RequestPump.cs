using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>Passes the part of a request's body on that did not come with its head, while the response is awaited and delivered.</summary>
internal sealed class RequestPump(Exchange exchange)
{
    private ValueTask<bool> _run;
    private bool _discarding;

    /// <summary>It was started and has not been seen to end: the client may still be sending.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Where the request's body stands.</summary>
    public BodyState State { get; set; }

    private ServerExchange Server => exchange.Server;

    public void Begin()
    {
        _discarding = false;
        State = BodyState.More;
    }

    /// <summary>Starts; at most once per request.</summary>
    public void Start(ClientExchange client)
    {
        IsRunning = true;
        _run = RunAsync(client);
    }

    /// <summary>
    /// The attempt is over. A pump that waits for the client goes on, discarding, until <see cref="JoinAsync"/>; the connection to the
    /// endpoint is out of step then and breaks off, which ends a pump that waits for the endpoint.
    /// </summary>
    public async ValueTask StopAsync(ClientExchange client, AttemptResult result)
    {
        if (!_run.IsCompleted)
        {
            _discarding = true;
            client.Abort();
            if (result is AttemptResult.BrokenOff or AttemptResult.ClientGone)
            {
                exchange.AbortServer(client);
            }

            await exchange.Loop.YieldAsync();
        }

        if (_run.IsCompleted)
        {
            await JoinAsync();
        }
    }

    /// <summary>Waits for its end: whether all of the client's body has left.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    public async ValueTask<bool> JoinAsync()
    {
        var sound = await _run;
        IsRunning = false;
        return sound;
    }

    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    private async ValueTask<bool> RunAsync(ClientExchange client)
    {
        while (true)
        {
            var chunk = await Server.RequestBody.ReadAsync();
            State = chunk.State;
            if (chunk.IsFailed)
            {
                // The endpoint must not take what it has for the whole.
                if (!_discarding)
                {
                    client.Abort();
                }

                return false;
            }

            if (!_discarding)
            {
                exchange.Touch();
                if (!await client.SendBodyAsync(chunk, Server.RequestBody.Trailers))
                {
                    return false;
                }

                exchange.OnMoved(client);
            }

            if (chunk.IsLast)
            {
                return true;
            }
        }
    }
}
