namespace Weft.Net;

/// <summary>
/// Passes bytes between two connections of one loop, both ways, until both directions have ended. An end of stream is passed on as such, and the other
/// direction goes on. A side that does not read stops the side that writes; a direction in which nothing moves holds no buffer.
/// </summary>
/// <param name="first">One side.</param>
/// <param name="second">The other.</param>
/// <param name="idleMilliseconds">How long nothing may move in either direction.</param>
/// <param name="observer">Is told what moves.</param>
public sealed class Relay(Connection first, Connection second, long idleMilliseconds, IRelayObserver observer)
{
    private const int SmallBytes = 16 * 1024;

    // Large enough that system calls no longer count beside the copying, and small enough to stay in the core's cache.
    private const int LargeBytes = 128 * 1024;

    // After so many pieces without a wait the others on the loop have their turn.
    private const int PiecesBeforeYield = 8;

    private long _movedMilliseconds;
    private RelayEnd _end;

    private EventLoop Loop => first.Loop;

    /// <summary>Runs until the end; then both connections are closed, with a reset unless all has arrived. Called once.</summary>
    public async LoopTask<RelayEnd> RunAsync()
    {
        var timer = new IdleTimer(this);
        _movedMilliseconds = Loop.NowMilliseconds;
        Loop.SetTimer(timer, idleMilliseconds);
        var back = PassAsync(second, first, RelayEnd.SecondBroke, RelayEnd.FirstBroke);
        await PassAsync(first, second, RelayEnd.FirstBroke, RelayEnd.SecondBroke);
        await back;
        TimerWheel.Clear(timer);
        if (_end == RelayEnd.Finished)
        {
            first.Close();
            second.Close();
        }

        Abort();
        return _end;
    }

    /// <summary>One direction, until its source has ended or one of the two takes part no more.</summary>
    private async LoopTask PassAsync(Connection source, Connection target, RelayEnd sourceBroke, RelayEnd targetBroke)
    {
        var pieces = 0;
        var size = SmallBytes;
        while (await source.ReadableAsync())
        {
            if (++pieces > PiecesBeforeYield)
            {
                pieces = 0;
                await Loop.YieldAsync();
            }

            var buffer = Loop.Buffers.Rent(size);
            var n = source.TryRead(buffer);
            var sent = n > 0 && await target.WriteAsync(buffer.AsMemory(0, n));
            Loop.Buffers.Return(buffer);
            if (n == Connection.WouldBlock)
            {
                continue;
            }

            if (n == 0)
            {
                target.ShutdownWrite();
                return;
            }

            if (n < 0)
            {
                break;
            }

            _movedMilliseconds = Loop.NowMilliseconds;
            observer.OnMoved();
            if (!sent)
            {
                // What the target has sent before it broke is still passed on, until that ends as well.
                EndAs(targetBroke);
                return;
            }

            size = n == buffer.Length ? LargeBytes : SmallBytes;
            pieces = source.MayBeReadable ? pieces : 0;
        }

        EndAs(sourceBroke);
        Abort();
    }

    /// <summary>What came first is the reason.</summary>
    private void EndAs(RelayEnd end)
    {
        if (_end == RelayEnd.Finished)
        {
            _end = end;
        }
    }

    private void Abort()
    {
        first.Abort();
        second.Abort();
    }

    private void OnTimer(IdleTimer timer)
    {
        var left = _movedMilliseconds + idleMilliseconds - Loop.NowMilliseconds;
        if (left > 0)
        {
            Loop.SetTimer(timer, left);
            return;
        }

        EndAs(RelayEnd.Idle);
        Abort();
    }

    private sealed class IdleTimer(Relay relay) : LoopTimer
    {
        protected internal override void OnDue() => relay.OnTimer(this);
    }
}
