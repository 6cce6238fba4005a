using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>A name: a sequence of labels. A label is a non-empty sequence of bytes, held as one char (0 to 255) per byte.</summary>
public sealed class Path(ImmutableArray<string> labels)
{
    public static readonly Path Root = new([]);

    public ImmutableArray<string> Labels { get; } = labels;
}
