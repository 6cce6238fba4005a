using System.Net;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Cli.Checks;

/// <summary>What is known of a proxy that does not run yet.</summary>
/// <param name="File">Its file, as it was given.</param>
internal sealed record FileFacts(string File)
{
    public string Target => $"file {File}";

    /// <summary>What is wrong with it and with the documents that it names.</summary>
    public IReadOnlyList<Problem> Errors { get; init; } = [];

    public IReadOnlyList<Problem> Warnings { get; init; } = [];

    /// <summary>What it says; null when it cannot be used.</summary>
    public ProxyConfig? Config { get; init; }

    public IReadOnlyList<AddressFacts> Addresses { get; init; } = [];

    public IReadOnlyList<PathFacts> Paths { get; init; } = [];

    /// <summary>The control plane that it would follow; null when there is none.</summary>
    public ControlFacts? Control { get; init; }

    /// <summary>Files and connections that a process started from here may have open; null when that is not known.</summary>
    public double? MaxFiles { get; init; }

    /// <summary>Of this machine.</summary>
    public int Cores { get; init; } = 1;
}

/// <summary>An address that a proxy would listen on.</summary>
/// <param name="Name">Of the listener, or <c>admin</c>.</param>
/// <param name="Trouble">Why it cannot be had; null when it can.</param>
internal sealed record AddressFacts(string Name, IPEndPoint Address, AddressTrouble? Trouble);

/// <summary>Why an address cannot be listened on.</summary>
internal enum AddressTrouble
{
    InUse,
    NotOurs,
    NotAllowed,
    Other,
}

/// <summary>A file or folder that a proxy would use.</summary>
/// <param name="Key">The key of the file that names it.</param>
/// <param name="Path">Its full path.</param>
/// <param name="IsWritten">Whether it is written to, not only read.</param>
/// <param name="Trouble">What keeps it from being used; null when nothing does.</param>
internal sealed record PathFacts(string Key, string Path, bool IsWritten, string? Trouble);
