namespace Weft.Naming;

/// <summary>A concrete name and what was left of the path (Finagle's bound id and residual).</summary>
/// <param name="Id">The prefix that the namer consumed; looking it up again gives the same name.</param>
/// <param name="Residual">What follows the id; the root path when nothing does.</param>
public sealed record BoundName(Path Id, Path Residual)
{
    /// <summary>The id, and in brackets the residual when there is one.</summary>
    public override string ToString() => Residual.IsRoot ? Id.ToString() : $"{Id} [{Residual}]";
}
