namespace Weft.Cli.Demo;

/// <summary>What all visitors recorded, in the order in which their requests ended. Bounded by rate times duration, both of which are.</summary>
internal sealed class SampleLog
{
    private readonly Lock _lock = new();
    private readonly List<Sample> _samples = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _samples.Count;
            }
        }
    }

    public void Add(Sample sample)
    {
        lock (_lock)
        {
            _samples.Add(sample);
        }
    }

    /// <summary>Those from a position on.</summary>
    public Sample[] From(int index)
    {
        lock (_lock)
        {
            return _samples[index..].ToArray();
        }
    }
}
