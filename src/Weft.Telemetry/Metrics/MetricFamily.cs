using System.Collections.Immutable;

namespace Weft.Telemetry;

/// <summary>A metric's name, meaning and labels.</summary>
public abstract class MetricFamily
{
    private protected MetricFamily(MetricKind kind, string name, string help, ReadOnlySpan<MetricLabel> labels)
    {
        MetricNames.Check(kind, name, labels);
        (Kind, Name, Help, Labels) = (kind, name, help, [.. labels]);
    }

    public MetricKind Kind { get; }

    public string Name { get; }

    public string Help { get; }

    public ImmutableArray<MetricLabel> Labels { get; }

    /// <summary>Writes every series as it is now. One scrape at a time.</summary>
    internal abstract void Write(ExpositionWriter writer, ShardSet shards, long now);
}
