using System.Numerics;
using Weft.Http;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>
/// The services that get copies of the requests which take one rule. A copy is sent when the request and its body are at hand, before the request
/// itself if they are from the beginning, and whatever becomes of it neither delays nor fails the original. Belongs to a loop.
/// </summary>
internal sealed class RuleMirrors
{
    /// <summary>Bytes of a body that are kept for a copy while they pass.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    // Copies of one rule's requests to one mirror that are under way on one loop.
    private const int MaxInFlight = 128;

    // More mirrors of one rule than this get nothing: which of them take a request is kept in one word.
    private const int MaxMirrors = 64;

    private readonly LoopState _loop;
    private readonly CompiledMirror[] _mirrors;
    private readonly Mirroring[] _bounds;
    private readonly MirrorSlots _slots;
    private readonly Stack<MirrorCopy> _free = [];
    private bool _isReleased;

    public RuleMirrors(LoopState loop, string service, IReadOnlyList<CompiledMirror> mirrors)
    {
        _loop = loop;
        _mirrors = [.. mirrors.Take(MaxMirrors)];
        _bounds = [.. _mirrors.Select(_ => new Mirroring(new Percentage(1), MaxInFlight))];
        _slots = new MirrorSlots(loop.Metrics, loop.Direction, service);
    }

    /// <summary>The mirrors that get a copy of this request, by chance: bit n stands for the one at n. 0 when none does.</summary>
    public ulong Draw()
    {
        var chosen = 0UL;
        for (var i = 0; i < _mirrors.Length; i++)
        {
            chosen |= _mirrors[i].Takes(_loop.Random) ? 1UL << i : 0;
        }

        return chosen;
    }

    /// <summary>Sends copies to the mirrors that were drawn.</summary>
    /// <param name="chosen">What <see cref="Draw"/> said.</param>
    /// <param name="route">The original's; its head is changed as the route says.</param>
    /// <param name="exchange">The original.</param>
    /// <param name="body">All of the body; copied here.</param>
    public void Send(ulong chosen, Route route, Exchange exchange, ReadOnlySpan<byte> body)
    {
        for (; chosen != 0; chosen &= chosen - 1)
        {
            var index = BitOperations.TrailingZeroCount(chosen);
            if (!TrySend(_bounds[index], route.To(_mirrors[index]), exchange, body))
            {
                Count(MirrorOutcome.Dropped);
            }
        }
    }

    /// <summary>Nothing is sent: the body was too large, or did not come to its end.</summary>
    public void Drop(ulong chosen)
    {
        for (; chosen != 0; chosen &= chosen - 1)
        {
            Count(MirrorOutcome.Dropped);
        }
    }

    /// <summary>A copy that was sent has come to its end.</summary>
    public void OnEnded(MirrorCopy copy, Mirroring bound, MirrorOutcome outcome)
    {
        bound.End();
        _free.Push(copy);
        Count(outcome);
    }

    /// <summary>The loop does not need it any more; copies may still be under way.</summary>
    public void Release()
    {
        _isReleased = true;
        _slots.Release();
    }

    private bool TrySend(Mirroring bound, Route route, Exchange exchange, ReadOnlySpan<byte> body)
    {
        if (route.Target.Destination.Choose(_loop.Random) is not Destination.Leaf leaf)
        {
            return false;
        }

        var name = leaf.Name;
        name.Refresh(_loop.World);
        var request = exchange.Server.Request;
        if (request.Extent + body.Length > BufferPool.MaxSize || !bound.TryBegin(_loop.Random))
        {
            return false;
        }

        if (!name.TryStart(_loop.Loop.NowNanoseconds, key: null, tried: default, out var call))
        {
            bound.End();
            return false;
        }

        var copy = _free.TryPop(out var used) ? used : new MirrorCopy(this, _loop);
        copy.Start(bound, route, call, exchange, body);
        return true;
    }

    private void Count(MirrorOutcome outcome)
    {
        _slots.Count(_loop.Shard, outcome);
        if (_isReleased)
        {
            _slots.Release();
        }
    }
}
