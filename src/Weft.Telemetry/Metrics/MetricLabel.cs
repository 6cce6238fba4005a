namespace Weft.Telemetry;

/// <summary>
/// A label of a metric family. The values of an open label come from outside (hosts, routes, clients) and fold into
/// <c>other</c> beyond the family's bound; those of a closed label are a short list of our own (direction, result), and are kept.
/// </summary>
/// <param name="Name"><c>[a-zA-Z_][a-zA-Z0-9_]*</c>, not starting with two underscores.</param>
/// <param name="IsOpen">True when anyone but us decides its values.</param>
public readonly record struct MetricLabel(string Name, bool IsOpen)
{
    /// <summary>A label with a short list of values of our own.</summary>
    public static MetricLabel Closed(string name) => new(name, IsOpen: false);

    /// <summary>A label whose values come from outside: what a plain name means too.</summary>
    public static MetricLabel Open(string name) => new(name, IsOpen: true);

    public static implicit operator MetricLabel(string name) => Open(name);

    public static MetricLabel FromString(string name) => Open(name);
}
