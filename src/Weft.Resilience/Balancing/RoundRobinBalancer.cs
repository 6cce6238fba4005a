namespace Weft.Resilience;

/// <summary>
/// Weighted round robin as earliest deadline first: an endpoint's turns lie 1/weight apart in virtual time, and the
/// earliest turn is served next. Equal weights give a plain rotation; others interleave smoothly (5, 1, 1 gives a a b a c a a
/// and not a a a a a b c), at the cost of a heap's depth instead of a pass over all members.
/// </summary>
internal sealed class RoundRobinBalancer(LoopRandom random, BalancerOptions options) : Balancer(random, options)
{
    // A binary heap of indices into the ready endpoints, the earliest turn first.
    private int[] _heap = [];
    private int _count;
    private bool _heapIsStale;
    private double _virtualTime;

    private protected override int Choose(ReadyEndpoints ready, long now)
    {
        if (_heapIsStale)
            Heapify(ready);
        var chosen = _heap[0];
        TakeTurn(ready, chosen);
        SiftDown(ready, 0);
        return chosen;
    }

    private protected override int ChooseAside(ReadyEndpoints ready, long now)
    {
        var chosen = 0;
        for (var i = 0; i < ready.Count; i++)
        {
            GiveTurn(ready, i);
            if (ready[i].Turn < ready[chosen].Turn)
                chosen = i;
        }

        // A turn taken out of order: time stands still, and the heap has to be made again.
        ready[chosen].Turn += ready.Lightness(chosen);
        Invalidate();
        return chosen;
    }

    private protected override void ReadyChanged(ReadyEndpoints ready)
    {
        if (_heap.Length < ready.Count)
            _heap = new int[ready.Count];
        _count = ready.Count;
        for (var i = 0; i < _count; i++)
        {
            _heap[i] = i;
            GiveTurn(ready, i);
        }

        _heapIsStale = true;
    }

    /// <summary>
    /// A newcomer starts at a random point of its first period, so that loops do not call the same endpoint in step; one that comes
    /// back does not catch up on turns that it missed, and one whose weight grew does not wait out its old period.
    /// </summary>
    private void GiveTurn(ReadyEndpoints ready, int index)
    {
        var load = ready[index];
        var period = ready.Lightness(index);
        load.Turn = double.IsNaN(load.Turn)
            ? _virtualTime + (Random.NextDouble() * period)
            : Math.Clamp(load.Turn, _virtualTime, _virtualTime + (2 * period));
    }

    private void TakeTurn(ReadyEndpoints ready, int index)
    {
        var load = ready[index];
        _virtualTime = load.Turn;
        load.Turn += ready.Lightness(index);
    }

    private void Heapify(ReadyEndpoints ready)
    {
        for (var i = (_count / 2) - 1; i >= 0; i--)
            SiftDown(ready, i);
        _heapIsStale = false;
    }

    private void SiftDown(ReadyEndpoints ready, int at)
    {
        var heap = _heap;
        var item = heap[at];
        var turn = ready[item].Turn;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && ready[heap[child + 1]].Turn < ready[heap[child]].Turn)
                child++;
            if (ready[heap[child]].Turn >= turn)
                break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = item;
    }
}
