namespace Weft.Resources;

/// <summary>
/// How calls to a logical name are made. Its name is the logical path without the first label (<c>books</c> for
/// <c>/svc/books</c>), or the beginning of one and <c>*</c>.
/// </summary>
public sealed record ServiceDocument : Resource
{
    public const string KindName = "Service";

    public override string Kind => KindName;

    public required ServiceSpec Spec { get; init; }

    /// <summary>Whether it stands for all names that begin with <see cref="Stem"/>.</summary>
    public bool IsWildcard => Name.EndsWith('*');

    /// <summary>The name without its <c>*</c>.</summary>
    public string Stem => IsWildcard ? Name[..^1] : Name;
}
