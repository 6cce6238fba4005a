using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>One kind of traffic: who takes part, what is measured, and what the table says of it.</summary>
internal abstract class Suite
{
    /// <summary>The table's heading.</summary>
    public abstract string Title { get; }

    /// <summary>The names by which <see cref="Options.Parts"/> asks for it.</summary>
    public abstract IReadOnlyList<string> Parts { get; }

    /// <summary>Weft and its peers.</summary>
    public abstract IReadOnlyList<ProxyKind> Kinds(Options options);

    /// <summary>What the work is, in sentences for the reader.</summary>
    public abstract IEnumerable<string> Describe(Results results, Options options);

    /// <summary>What docs/performance.md asks of weft here.</summary>
    public abstract IReadOnlyList<Target> Targets(Results results);

    public abstract Task Measure(Run run, IReadOnlyList<ProxyKind> kinds);
}
