using Weft.Cli.Stats;

namespace Weft.Cli.Invocation;

/// <summary>All that verbs use of the world around them.</summary>
internal sealed record CliContext
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether output goes to a person who sees colours: a terminal, and <c>NO_COLOR</c> (no-color.org) not set.</summary>
    public bool IsStyled { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets the metrics of a proxy.</summary>
    public FetchMetrics Fetch { get; init; } = MetricsPage.FetchAsync;

    public static CliContext OfProcess() =>
        new()
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            IsStyled =
                !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };
}
