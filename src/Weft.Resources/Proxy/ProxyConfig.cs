using System.Net;
using Weft.Naming;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>What a proxy's file says, with defaults filled in. Immutable; equal when it says the same.</summary>
public sealed record ProxyConfig
{
    public static readonly IPEndPoint DefaultAdmin = new(IPAddress.Loopback, 4191);

    public static readonly TimeSpan DefaultDrain = TimeSpan.FromSeconds(30);

    /// <summary>More event loops than any machine has cores for.</summary>
    public const int MaxWorkers = 1024;

    /// <summary>Listeners in one file.</summary>
    public const int MaxListeners = 256;

    /// <summary>Where metrics, readiness and state are served.</summary>
    public IPEndPoint Admin { get; init; } = DefaultAdmin;

    /// <summary>Event loops; 0 is one per core.</summary>
    public int Workers { get; init; }

    /// <summary>The file or folder of documents, as a full path; null when there is none.</summary>
    public string? Resources { get; init; }

    /// <summary>Where the proxy stands; null when that was not said, and then no endpoint is nearer than others.</summary>
    public string? Zone { get; init; }

    /// <summary>Where documents and names come from instead; null when they come from files.</summary>
    public ControlConfig? Control { get; init; }

    /// <summary>The folder for the last known good state of a control plane, as a full path; null when none is kept.</summary>
    public string? Snapshot { get; init; }

    /// <summary>At least one; names and addresses are distinct.</summary>
    public required ValueList<ListenerConfig> Listeners { get; init; }

    /// <summary>How long a graceful stop waits for requests in flight.</summary>
    public TimeSpan Drain { get; init; } = DefaultDrain;

    public LogConfig Log { get; init; } = new();

    /// <summary>
    /// Reads a proxy's file. Relative paths in it are taken from the folder of <paramref name="fileName"/>.
    /// The value is null exactly when there are problems; all that can be found are reported, in the order of lines.
    /// </summary>
    public static (ProxyConfig? Value, IReadOnlyList<Problem> Problems) Parse(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        var problems = new ProblemSink(fileName);
        var config = ProxyConfigReader.Read(text, problems);
        return problems.Count == 0 ? (config, []) : (null, problems.ToList());
    }
}

/// <summary>What is logged, and how.</summary>
public sealed record LogConfig(LogLevel Level = LogLevel.Info, LogFormat Format = LogFormat.Text);

/// <summary>The least severe messages that are written.</summary>
public enum LogLevel
{
    Debug,
    Info,
    Warn,
    Error,
}

/// <summary>Lines for people or objects for machines.</summary>
public enum LogFormat
{
    Text,
    Json,
}
