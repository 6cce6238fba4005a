using System.Reflection;

namespace Weft.Telemetry;

/// <summary>Which build of the program this is. All of its assemblies are built together, so this one's version is that of the whole.</summary>
public static class ProgramVersion
{
    /// <summary>The version, with the commit behind a <c>+</c> where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "";
}
