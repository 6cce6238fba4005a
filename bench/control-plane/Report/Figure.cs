namespace Weft.Bench.ControlPlane.Report;

/// <summary>Something that was measured in each round.</summary>
/// <param name="What">What it is.</param>
/// <param name="Unit">Of the numbers.</param>
/// <param name="Rounds">In the order of the rounds; not empty.</param>
internal sealed record Figure(string What, string Unit, IReadOnlyList<double> Rounds)
{
    public double Median
    {
        get
        {
            var sorted = Rounds.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>The greatest: less is better of all that is measured here.</summary>
    public double Worst => Rounds.Max();
}

/// <summary>Memory of the control plane at one moment, in bytes.</summary>
internal sealed record MemoryFigure(string When, long Resident, long Proportional);

/// <summary>What a change of one service's endpoints costs.</summary>
/// <param name="Kind">An endpoint less, or one more.</param>
/// <param name="Subscribers">Proxies that watch the service.</param>
/// <param name="Delay">From the file's change until the last subscriber knows.</param>
/// <param name="Bytes">Of messages, sent to all proxies together.</param>
/// <param name="Cpu">Of the control plane meanwhile.</param>
internal sealed record ChangeFigure(string Kind, int Subscribers, Figure Delay, Figure Bytes, Figure Cpu)
{
    public const string Removal = "removal";
    public const string Addition = "addition";

    public double BytesPerSubscriber => Bytes.Worst / Subscribers;
}
