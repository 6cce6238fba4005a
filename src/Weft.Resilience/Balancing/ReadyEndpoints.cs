namespace Weft.Resilience;

/// <summary>
/// The endpoints that may be picked, laid end to end on a line of length 1, each as long as its share of the weight. Refilled
/// when something changed, read by every pick; its arrays are kept, so refilling allocates only when the set has grown.
/// </summary>
internal sealed class ReadyEndpoints(BalancerOptions options)
{
    private readonly Census _census = new(options);
    private EndpointLoad[] _loads = [];
    private int[] _positions = [];
    private double[] _weights = [];
    private double[] _ends = [];
    private double _total;
    private double _highestFavour;
    private bool _even;

    public int Count { get; private set; }

    /// <summary>The largest share, 0 to 1.</summary>
    public double LargestShare { get; private set; }

    /// <summary>So few are in service that all are used.</summary>
    public bool IsPanic => _census.IsPanic;

    /// <summary>When, without anybody's doing, what was filled in will not be true any more.</summary>
    public long ChangesAt => _census.ChangesAt;

    public EndpointLoad this[int index] => _loads[index];

    /// <summary>The index in the whole set of the ready endpoint <paramref name="index"/>.</summary>
    public int PositionOf(int index) => _positions[index];

    /// <summary>The mean weight over this one's weight: 1 when all weigh the same.</summary>
    public double Lightness(int index) => _even ? 1 : _total / (Count * _weights[index]);

    /// <summary>
    /// How much of the calls that its own weight would bring it an endpoint is to get, 0 to 1, the most favoured getting all: less while it
    /// warms up, or while it only takes what another zone cannot carry.
    /// </summary>
    public double Favour(int index) => _weights[index] / (_census.WeightOf(_loads[index]) * _highestFavour);

    public void Fill(
        ReadOnlySpan<EndpointLoad> endpoints,
        ReadOnlySpan<EndpointLoad> tried,
        bool evenUnavailable,
        long now
    )
    {
        Resize(endpoints.Length);
        _census.Take(endpoints, tried, evenUnavailable, now);
        var count = 0;
        for (var position = 0; position < endpoints.Length; position++)
        {
            var load = endpoints[position];
            var weight = _census.ShareOf(load, now);
            if (weight == 0 || WasTried(load, tried))
                continue;
            _loads[count] = load;
            _positions[count] = position;
            _weights[count++] = weight;
        }

        Array.Clear(_loads, count, _loads.Length - count);
        Count = count;
        MeasureUp();
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

    private void MeasureUp()
    {
        var largest = 0.0;
        _total = _highestFavour = 0;
        for (var i = 0; i < Count; i++)
        {
            _total += _weights[i];
            _ends[i] = _total;
            largest = Math.Max(largest, _weights[i]);
            _highestFavour = Math.Max(_highestFavour, _weights[i] / _census.WeightOf(_loads[i]));
        }

        LargestShare = Count == 0 ? 0 : largest / _total;
        _even = !_weights.AsSpan(0, Count).ContainsAnyExcept(largest);
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

    internal static bool WasTried(EndpointLoad load, ReadOnlySpan<EndpointLoad> tried)
    {
        foreach (var other in tried)
        {
            if (ReferenceEquals(other, load))
                return true;
        }

        return false;
    }
}
