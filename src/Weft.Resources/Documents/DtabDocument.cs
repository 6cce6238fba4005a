using Weft.Naming;

namespace Weft.Resources;

/// <summary>A delegation table. Equal when its text is.</summary>
public sealed record DtabDocument : Resource
{
    public const string KindName = "Dtab";

    public override string Kind => KindName;

    public required Dtab Dtab { get; init; }

    /// <summary>As it was written.</summary>
    public required string Text { get; init; }
}
