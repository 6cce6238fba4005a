using System.Xml.Linq;

namespace Weft.Structure.Tests;

/// <summary>The solution holds everything, so that one build and one test run leave nothing out.</summary>
public class SolutionRules
{
    private static readonly string[] InSolution =
    [
        .. XDocument
            .Parse(Repository.Read("Weft.slnx"))
            .Descendants("Project")
            .Select(p => p.Attribute("Path")!.Value.Replace('\\', '/')),
    ];

    /// <summary>The program: a way to the libraries, with nothing in it to test but what the end-to-end tests run.</summary>
    private const string Program = "src/Weft/Weft.csproj";

    [Fact]
    public void every_project_is_in_the_solution() =>
        Assert.Empty(ProjectFile.All.Select(p => p.Path).Except(InSolution, StringComparer.Ordinal));

    [Fact]
    public void every_project_of_the_solution_exists() =>
        Assert.All(InSolution, path => Assert.True(Repository.Exists(path), path));

    [Fact]
    public void every_project_is_named_after_its_assembly_and_lies_in_a_folder_of_its_group()
    {
        string[] groups = ["src/", "tests/", "bench/", "examples/"];
        Assert.Empty(
            ProjectFile
                .All.Where(p => p.Path != Program)
                .Where(p =>
                    !p.Name.StartsWith("Weft.", StringComparison.Ordinal)
                    || !groups.Any(g => p.Path.StartsWith(g, StringComparison.Ordinal))
                )
                .Select(p => p.Path)
        );
    }

    [Fact]
    public void every_library_has_a_test_project()
    {
        var names = ProjectFile.All.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(
            ProjectFile
                .All.Where(p => p.Path != Program && p.Path.StartsWith("src/", StringComparison.Ordinal))
                .Where(p => !names.Contains(p.Name + ".Tests"))
                .Select(p => p.Path)
        );
    }

    [Fact]
    public void versions_of_packages_stand_in_one_place_only()
    {
        var violations =
            from project in ProjectFile.All
            from reference in XDocument.Parse(Repository.Read(project.Path)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{project.Path}: {reference.Attribute("Include")?.Value}";
        Assert.Empty(violations);
    }
}
