namespace Weft.Bench.ControlPlane.Report;

/// <summary>All that a run has found out.</summary>
/// <param name="Machine">Where and when.</param>
/// <param name="Mesh">How large.</param>
/// <param name="Memory">In the order of time.</param>
/// <param name="Figures">In the order in which they are told.</param>
/// <param name="Changes">By kind and subscribers.</param>
internal sealed record Results(
    string Machine,
    string Mesh,
    IReadOnlyList<MemoryFigure> Memory,
    IReadOnlyList<Figure> Figures,
    IReadOnlyList<ChangeFigure> Changes
)
{
    public IReadOnlyList<Claim> Claims { get; } = Claim.Of(Changes);

    /// <summary>Whether everything that is claimed holds.</summary>
    public bool Held => Claims.All(c => c.Holds);
}
