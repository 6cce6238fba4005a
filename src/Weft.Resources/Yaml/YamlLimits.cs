namespace Weft.Resources.Yaml;

/// <summary>How much of a text is read before it is refused.</summary>
internal sealed record YamlLimits
{
    /// <summary>No file is read beyond this, whatever <see cref="MaxChars"/> says.</summary>
    public const int HardMaxChars = 10 * 1024 * 1024;

    public static readonly YamlLimits Default = new();

    /// <summary>Characters in one file.</summary>
    public int MaxChars
    {
        get;
        init => field = Math.Clamp(value, 1, HardMaxChars);
    } = 1024 * 1024;

    /// <summary>Mappings and lists within one another.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Documents in one file.</summary>
    public int MaxDocuments { get; init; } = 10_000;
}
