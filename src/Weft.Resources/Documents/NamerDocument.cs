using Weft.Naming;

namespace Weft.Resources;

/// <summary>Makes the names below <see cref="Prefix"/> out of a folder of files.</summary>
public sealed record NamerDocument : Resource
{
    public const string KindName = "Namer";

    public override string Kind => KindName;

    /// <summary>The full path of the folder; each file in it is one service.</summary>
    public required string Root { get; init; }

    /// <summary><c>/#/</c> and at least one label more; unless told otherwise the document's name.</summary>
    public required Naming.Path Prefix { get; init; }
}
