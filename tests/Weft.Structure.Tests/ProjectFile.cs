using System.Xml.Linq;

namespace Weft.Structure.Tests;

/// <summary>What a project file says about whom it references.</summary>
/// <param name="Path">Relative to the repository's root.</param>
/// <param name="Projects">The referenced project files, relative to the repository's root.</param>
/// <param name="Packages">The referenced packages' names.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static IReadOnlyList<ProjectFile> All { get; } =
    [.. Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(Load)];

    private static ProjectFile Load(string path)
    {
        var document = XDocument.Parse(Repository.Read(path));
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(Repository.Root, path))!;
        return new ProjectFile(
            path,
            [.. Includes("ProjectReference").Select(include => ToRepositoryPath(folder, include))],
            [.. Includes("PackageReference")]
        );

        IEnumerable<string> Includes(string element) =>
            document.Descendants(element).Select(e => e.Attribute("Include")?.Value ?? "(no Include)");
    }

    private static string ToRepositoryPath(string folder, string include) =>
        System
            .IO.Path.GetRelativePath(Repository.Root, System.IO.Path.GetFullPath(include.Replace('\\', '/'), folder))
            .Replace('\\', '/');
}
