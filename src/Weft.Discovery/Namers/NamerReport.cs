using Weft.Naming;
using Weft.Resources;

namespace Weft.Discovery;

/// <summary>How a namer is doing.</summary>
/// <param name="Document">What it was made of.</param>
/// <param name="Problems">What is wrong with its source at present.</param>
/// <param name="FailingFor"><inheritdoc cref="IDiscoveryNamer.FailingFor" path="/summary"/></param>
public sealed record NamerReport(NamerDocument Document, IReadOnlyList<Problem> Problems, TimeSpan? FailingFor)
{
    /// <summary>All that was asked for is current.</summary>
    public const string Ok = "ok";

    /// <summary>Something of the source is not reached or understood; what was known of it stays.</summary>
    public const string Failing = "failing";

    /// <summary>The source is current, and a withdrawal of much at once is not believed yet.</summary>
    public const string Holding = "holding";

    /// <summary>One of these words.</summary>
    public string State =>
        FailingFor is not null ? Failing
        : Problems.Count > 0 ? Holding
        : Ok;
}
