namespace Weft.Resilience;

/// <summary>
/// The endpoints that may be picked, laid end to end on a line of length 1, each as long as its share of the weight. Refilled
/// when something changed, read by every pick; its arrays are kept, so refilling allocates only when the set has grown.
/// </summary>
internal sealed class ReadyEndpoints
{
    private EndpointLoad[] _loads = [];
    private int[] _positions = [];
    private double[] _weights = [];
    private double[] _ends = [];
    private double _total;
    private bool _even;

    public int Count { get; private set; }

    /// <summary>The largest share, 0 to 1.</summary>
    public double LargestShare { get; private set; }

    public EndpointLoad this[int index] => _loads[index];

    /// <summary>The index in the whole set of the ready endpoint <paramref name="index"/>.</summary>
    public int PositionOf(int index) => _positions[index];

    /// <summary>The mean weight over this one's weight: 1 when all weigh the same.</summary>
    public double Lightness(int index) => _even ? 1 : _total / (Count * _weights[index]);

    public void Fill(ReadOnlySpan<EndpointLoad> endpoints, ReadOnlySpan<EndpointLoad> tried, bool evenUnavailable)
    {
        Resize(endpoints.Length);
        var weightsSaySomething = false;
        foreach (var endpoint in endpoints)
            weightsSaySomething |= endpoint.Weight > 0;

        var count = 0;
        var largest = 0.0;
        _total = 0;
        for (var position = 0; position < endpoints.Length; position++)
        {
            var load = endpoints[position];
            var weight = weightsSaySomething ? load.Weight : 1;
            if (weight == 0 || !(load.Available || evenUnavailable) || WasTried(load, tried))
                continue;
            _total += weight;
            largest = Math.Max(largest, weight);
            _loads[count] = load;
            _positions[count] = position;
            _weights[count] = weight;
            _ends[count++] = _total;
        }

        Array.Clear(_loads, count, _loads.Length - count);
        Count = count;
        LargestShare = count == 0 ? 0 : largest / _total;
        _even = !_weights.AsSpan(0, count).ContainsAnyExcept(largest);
    }

    /// <summary>The ready endpoint that covers a point of the line; 0 &lt;= <paramref name="point"/> &lt; 1.</summary>
    public int At(double point)
    {
        if (_even)
            return (int)(point * Count);
        var target = point * _total;
        int low = 0,
            high = Count - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ends[middle] > target)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void Resize(int length)
    {
        if (_loads.Length >= length)
            return;
        _loads = new EndpointLoad[length];
        _positions = new int[length];
        _weights = new double[length];
        _ends = new double[length];
    }

    private static bool WasTried(EndpointLoad load, ReadOnlySpan<EndpointLoad> tried)
    {
        foreach (var other in tried)
        {
            if (ReferenceEquals(other, load))
                return true;
        }

        return false;
    }
}
