namespace Weft.Structure.Tests;

/// <summary>Who may reference whom. The table is the architecture: to change it, change docs/architecture.md as well.</summary>
public class ReferenceRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Weft.Naming"] = [],
        ["Weft.Resilience"] = [],
        ["Weft.Net"] = [],
        ["Weft.Resources"] = ["Weft.Naming"],
        ["Weft.Discovery"] = ["Weft.Naming", "Weft.Resources"],
        ["Weft.Http"] = ["Weft.Net"],
        ["Weft.Telemetry"] = ["Weft.Net"],
        ["Weft.Identity"] = ["Weft.Net"],
        ["Weft.Api"] = ["Weft.Http", "Weft.Net"],
        ["Weft.Proxy"] =
        [
            "Weft.Naming",
            "Weft.Resilience",
            "Weft.Resources",
            "Weft.Net",
            "Weft.Http",
            "Weft.Telemetry",
            "Weft.Discovery",
            "Weft.Identity",
            "Weft.Api",
        ],
        ["Weft.Control"] =
        [
            "Weft.Naming",
            "Weft.Resources",
            "Weft.Net",
            "Weft.Http",
            "Weft.Telemetry",
            "Weft.Discovery",
            "Weft.Identity",
            "Weft.Api",
        ],
        ["Weft.Cli"] = ["Weft.Proxy", "Weft.Control"],
        ["Weft"] = ["Weft.Proxy", "Weft.Cli"],
    };

    /// <summary>Libraries that moving a request depends on, and the pure ones: nothing in them comes from outside.</summary>
    private static readonly string[] WithoutPackages =
    [
        "Weft.Naming",
        "Weft.Resilience",
        "Weft.Net",
        "Weft.Http",
        "Weft.Telemetry",
    ];

    [Fact]
    public void every_library_references_only_what_the_architecture_allows()
    {
        var violations = new List<string>();
        foreach (var project in ProjectFile.All.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal)))
        {
            if (!Allowed.TryGetValue(project.Name, out var allowed))
            {
                violations.Add($"{project.Path}: not in the table of this test; say what it may reference");
                continue;
            }
            violations.AddRange(
                project
                    .Projects.Where(reference => !allowed.Contains(Path.GetFileNameWithoutExtension(reference)))
                    .Select(reference => $"{project.Path}: may not reference {reference}")
            );
        }
        Assert.Empty(violations);
    }

    [Fact]
    public void shipped_code_never_references_tests_or_benchmarks()
    {
        var violations =
            from project in ProjectFile.All
            where project.Path.StartsWith("src/", StringComparison.Ordinal)
            from reference in project.Projects
            where !reference.StartsWith("src/", StringComparison.Ordinal)
            select $"{project.Path} -> {reference}";
        Assert.Empty(violations);
    }

    [Fact]
    public void the_data_path_and_the_pure_libraries_use_no_packages()
    {
        var violations =
            from project in ProjectFile.All
            where WithoutPackages.Contains(project.Name)
            from package in project.Packages
            select $"{project.Path} -> {package}";
        Assert.Empty(violations);
    }

    [Fact]
    public void tests_of_a_library_reference_that_library()
    {
        var violations =
            from project in ProjectFile.All
            where project.Path.StartsWith("tests/", StringComparison.Ordinal)
            where project.Name.EndsWith(".Tests", StringComparison.Ordinal)
            let library = project.Name[..^".Tests".Length]
            let path = $"src/{library}/{library}.csproj"
            where Repository.Exists(path) && !project.Projects.Contains(path)
            select $"{project.Path} does not reference {path}";
        Assert.Empty(violations);
    }
}
