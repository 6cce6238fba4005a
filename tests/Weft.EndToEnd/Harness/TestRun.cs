using System.Globalization;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// What outlives a test run that is killed (network namespaces, mounts) is called after the run's process, <c>ID-N</c>; so the next run knows
/// what nobody needs any more.
/// </summary>
internal static class TestRun
{
    /// <summary>Whether the run that a name of this form is called after has ended.</summary>
    public static bool HasEnded(string name) =>
        int.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && !Directory.Exists($"/proc/{id}");
}
