using System.Reflection;

namespace Weft.Proxy;

/// <summary>Which build of the program this is.</summary>
internal static class ProgramVersion
{
    /// <summary>The version, with the commit behind a <c>+</c> where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "";
}
