namespace Weft.Naming;

/// <summary>Thrown by the Parse methods of paths, prefixes, name trees, dentries and dtabs.</summary>
public sealed class DtabSyntaxException(DtabSyntaxError error) : FormatException(error?.ToString())
{
    public DtabSyntaxError Error { get; } = error ?? throw new ArgumentNullException(nameof(error));
}
