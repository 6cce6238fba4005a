namespace Weft.Cli.Checks;

/// <summary>How bad something is.</summary>
internal enum FindingStatus
{
    Ok,

    /// <summary>It works, and may not for long or not as was meant.</summary>
    Warning,

    /// <summary>Something does not work, or is about to stop working.</summary>
    Error,
}

/// <summary>What one check has found at one target.</summary>
/// <param name="Check">Which family of checks; one of <see cref="CheckNames"/>.</param>
/// <param name="Target">What was looked at, such as <c>proxy 127.0.0.1:4191</c>.</param>
/// <param name="Status">How bad it is.</param>
/// <param name="Detail">What is so, in one line.</param>
/// <param name="Remedy">What to do about it; null only where all is well.</param>
internal sealed record Finding(string Check, string Target, FindingStatus Status, string Detail, string? Remedy)
{
    public static Finding Ok(string check, string target, string detail) =>
        new(check, target, FindingStatus.Ok, detail, null);

    public static Finding Warning(string check, string target, string detail, string remedy) =>
        new(check, target, FindingStatus.Warning, detail, remedy);

    public static Finding Error(string check, string target, string detail, string remedy) =>
        new(check, target, FindingStatus.Error, detail, remedy);
}

/// <summary>The families of checks, as findings call them.</summary>
internal static class CheckNames
{
    public const string Ports = "ports";
    public const string Files = "files";
    public const string Certificates = "certificates";
    public const string Versions = "versions";
    public const string Clocks = "clocks";
    public const string Readiness = "readiness";
    public const string Store = "store";
    public const string Documents = "documents";
    public const string Discovery = "discovery";
    public const string Services = "services";
    public const string Limits = "limits";
}
