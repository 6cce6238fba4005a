using Weft.Cli.Stats;

namespace Weft.Cli.Invocation;

/// <summary>All that verbs use of the world around them.</summary>
internal sealed record CliContext
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether output goes to a terminal, which obeys some of what it is sent.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether output goes to a person who sees colours: a terminal, and <c>NO_COLOR</c> (no-color.org) not set.</summary>
    public bool IsStyled { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets the metrics of a proxy.</summary>
    public FetchMetrics Fetch { get; init; } = MetricsPage.FetchAsync;

    /// <summary>The control plane that is asked unless <c>--control</c> names another; <c>WEFT_CONTROL</c> of the environment.</summary>
    public string Control { get; init; } = "127.0.0.1:4190";

    /// <summary>The admin address that is looked at where no proxy is named.</summary>
    public string Proxy { get; init; } = "127.0.0.1:4191";

    /// <summary>Who changes documents, where no token says so.</summary>
    public string Author { get; init; } = "unknown";

    public static CliContext OfProcess() =>
        new()
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            Control = Environment.GetEnvironmentVariable("WEFT_CONTROL") is { Length: > 0 } control
                ? control
                : "127.0.0.1:4190",
            Author = $"{Environment.UserName}@{Environment.MachineName}",
            IsTerminal = !Console.IsOutputRedirected,
            IsStyled =
                !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };
}
