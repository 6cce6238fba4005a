using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>
/// The configured namers, each below its prefix such as <c>/#/file</c>. The first whose prefix the path begins with and
/// which does not answer neg decides; each is asked for the whole path.
/// </summary>
public sealed class CompositeNamer(ImmutableArray<(Path Prefix, INamer Namer)> namers) : INamer
{
    /// <summary>No namer at all: every path is neg.</summary>
    public static readonly CompositeNamer Empty = new([]);

    public ImmutableArray<(Path Prefix, INamer Namer)> Namers { get; } = namers;

    public NameState Lookup(Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (var (prefix, namer) in Namers)
        {
            if (path.StartsWith(prefix) && namer.Lookup(path) is var state && !state.IsNeg)
            {
                return state;
            }
        }

        return NameState.Neg;
    }
}
