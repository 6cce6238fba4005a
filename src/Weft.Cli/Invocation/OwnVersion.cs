using System.Reflection;

namespace Weft.Cli.Invocation;

/// <summary>Which build of the program this is.</summary>
internal static class OwnVersion
{
    /// <summary>The version, with the commit behind a <c>+</c> where the build knew it.</summary>
    public static string Text { get; } =
        typeof(OwnVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "";
}
