namespace Weft.Resilience;

/// <summary>
/// A bound on calls in flight that finds itself, from latency alone: the gradient of Netflix's concurrency-limits (2018), with the latency
/// without load measured in probes of its own as Envoy's adaptive concurrency does. For one loop, which sees its own calls only: the limits
/// of all loops add up.
/// <code>
/// gradient = clamp(tolerance x base / latency, 0.5, 1)      base: latency without load; latency: mean of the window
/// limit    = limit x gradient + sqrt(limit)                 the root is the queue that is let grow, to notice when there is room
/// </code>
/// At rest limit x (1 - gradient) = sqrt(limit): a server of n workers gets about tolerance x n + sqrt(tolerance x n) calls, enough to be
/// busy and few enough to answer within about twice its own time. Calls that failed for want of capacity (timeouts, 503) lower it by a tenth
/// per window.
/// </summary>
/// <remarks>
/// Without the probes the base would be what overload made it: a limit that starts too high under full load would take
/// queueing for latency and grow. A probe lowers the limit for one window, and counts only calls that began within it.
/// </remarks>
public sealed class AdaptiveLimit
{
    // A probe of a service that is hardly called ends without a result: nobody is to be turned away for it.
    private const int LongestProbe = 10;

    private readonly AdaptiveLimitOptions _options;
    private readonly LoopRandom _random;
    private readonly long _window;
    private double _limit;
    private double _base;
    private double _sum;
    private int _samples;
    private int _mostInFlight;
    private bool _overloaded;
    private bool _isProbing;
    private long _windowBegan = long.MinValue;
    private long _probeDue;

    /// <summary>The initial limit; the first calls measure the latency without load.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public AdaptiveLimit(AdaptiveLimitOptions options, LoopRandom random)
    {
        if (options.Min < 1 || options.Initial < options.Min || options.Max < options.Initial)
            throw new ArgumentException("there must be 1 <= min <= initial <= max", nameof(options));
        if (options.Window <= TimeSpan.Zero || options.ProbeEvery <= options.Window || options.MinSamples < 1)
            throw new ArgumentException("windows must be above 0, and probes rarer than windows", nameof(options));
        if (!(options.Tolerance is >= 1 and <= 100) || options.ProbeAt is not (> 0 and < 1))
            throw new ArgumentException("the tolerance must be 1 to 100 and a probe's share 0 to 1", nameof(options));
        _options = options;
        _random = random;
        _limit = options.Initial;
        _window = Nanoseconds.Of(options.Window);
    }

    /// <summary>Calls that may be in flight right now.</summary>
    public int Limit => (int)(_isProbing ? Math.Max(_options.Min, _limit * _options.ProbeAt) : _limit);

    public int InFlight { get; private set; }

    /// <summary>Latency without load as last measured, in nanoseconds; 0 before that.</summary>
    public double BaseLatency => _base;

    /// <summary>A call would begin; false when it must not. One that began is ended by <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        if (InFlight >= Limit)
            return false;
        InFlight++;
        _mostInFlight = Math.Max(_mostInFlight, InFlight);
        return true;
    }

    /// <summary>A call has ended.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="latency">Nanoseconds that it took.</param>
    /// <param name="outcome">An ignored call is not counted, a failure lowers the limit: give only those for want of capacity as one.</param>
    public void Exit(long now, long latency, CallOutcome outcome)
    {
        if (InFlight == 0)
            throw new InvalidOperationException("a call left that had not entered");
        InFlight--;
        if (_windowBegan == long.MinValue)
            BeginWindow(now, probe: true);
        if (outcome == CallOutcome.Failure)
        {
            _overloaded = true;
        }
        else if (outcome == CallOutcome.Success && (!_isProbing || now - latency >= _windowBegan))
        {
            _sum += latency;
            _samples++;
        }

        if (now - _windowBegan >= _window && (_samples >= _options.MinSamples || _overloaded))
            EndWindow(now);
        else if (_isProbing && now - _windowBegan >= LongestProbe * _window)
            BeginWindow(now, probe: false);
    }

    private void EndWindow(long now)
    {
        var latency = _samples == 0 ? 0 : _sum / _samples;
        if (_isProbing && _samples > 0)
            _base = latency;
        else if (_overloaded)
            _limit = Math.Max(_options.Min, _limit * 0.9);
        else if (_base > 0)
            Adjust(latency);
        BeginWindow(now, probe: now >= _probeDue);
    }

    private void Adjust(double latency)
    {
        // A probe may have been unlucky: what is faster than without load was without load.
        _base = Math.Min(_base, latency);
        var gradient = Math.Clamp(_options.Tolerance * _base / latency, 0.5, 1);
        // A limit that nobody reaches has not been tried out.
        if (gradient == 1 && _mostInFlight < _limit / 2)
            return;
        _limit = Math.Clamp((_limit * gradient) + Math.Sqrt(_limit), _options.Min, _options.Max);
    }

    private void BeginWindow(long now, bool probe)
    {
        (_windowBegan, _sum, _samples, _overloaded) = (now, 0, 0, false);
        (_mostInFlight, _isProbing) = (InFlight, probe);
        if (probe)
            _probeDue = now + (long)(Nanoseconds.Of(_options.ProbeEvery) * (0.75 + (0.5 * _random.NextDouble())));
    }
}
