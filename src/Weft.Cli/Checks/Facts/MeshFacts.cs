namespace Weft.Cli.Checks;

/// <summary>All that checks know; they ask nobody themselves.</summary>
internal sealed record MeshFacts
{
    /// <summary>Of this program.</summary>
    public required string Version { get; init; }

    /// <summary>This machine's clock after everybody was asked.</summary>
    public required DateTimeOffset Now { get; init; }

    public IReadOnlyList<ProxyFacts> Proxies { get; init; } = [];

    public IReadOnlyList<ControlFacts> Controls { get; init; } = [];

    public IReadOnlyList<FileFacts> Files { get; init; } = [];

    /// <summary>The control planes that were named, and those that a proxy's file would follow.</summary>
    public IEnumerable<ControlFacts> AllControls =>
        Controls.Concat(Files.Select(f => f.Control).OfType<ControlFacts>());
}
