using System.Globalization;

namespace Weft.Cli.Checks;

/// <summary>How far two builds are apart. Those of one major version work together when their minor versions are neighbours.</summary>
internal enum VersionDistance
{
    Same,

    /// <summary>They work together.</summary>
    Near,

    /// <summary>Nobody has promised that they do.</summary>
    Far,

    /// <summary>One of them does not say.</summary>
    Unknown,
}

/// <summary>A version as programs tell it: <c>1.2.3</c>, with the commit behind a <c>+</c> where one is known.</summary>
internal static class ToldVersion
{
    public static VersionDistance Between(string? one, string? other)
    {
        if (Read(one) is not var (major, minor) || Read(other) is not var (otherMajor, otherMinor))
        {
            return VersionDistance.Unknown;
        }

        return one == other ? VersionDistance.Same
            : major == otherMajor && Math.Abs(minor - otherMinor) <= 1 ? VersionDistance.Near
            : VersionDistance.Far;
    }

    /// <summary>Without the commit, unless that is all that tells it from another.</summary>
    public static string Shown(string? version, string? other) =>
        version is not { Length: > 0 } ? "unknown"
        : version != other && Number(version) == Number(other) ? version
        : Number(version);

    private static string Number(string? version) => (version ?? "").Split('+', 2)[0];

    private static (int Major, int Minor)? Read(string? version)
    {
        var parts = Number(version).Split('-', 2)[0].Split('.');
        return
            parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? (major, minor)
            : null;
    }
}
