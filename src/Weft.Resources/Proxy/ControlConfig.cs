namespace Weft.Resources;

/// <summary>The control plane that a proxy follows.</summary>
/// <param name="Address"><c>http</c> for one on this machine, else <c>https</c>; a host and a port, nothing more.</param>
/// <param name="Namespace">Whose documents are in force.</param>
/// <param name="TokenFile">A file whose first line is the token that opens the control plane, as a full path; null for none.</param>
/// <param name="CaFile">A PEM file of the roots that vouch for its certificate, as a full path; null for those of the system.</param>
public sealed record ControlConfig(
    Uri Address,
    string Namespace = ControlConfig.DefaultNamespace,
    string? TokenFile = null,
    string? CaFile = null
)
{
    public const string DefaultNamespace = "default";

    public override string ToString() => $"{Address} ({Namespace})";
}
