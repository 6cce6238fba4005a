using System.Text.RegularExpressions;

namespace Weft.Structure.Tests;

/// <summary>A newcomer finds the way of a request by reading file names; no file asks for an afternoon.</summary>
public partial class SourceFileRules
{
    private const int LineLimit = 400;

    /// <summary>Files that are longer on purpose, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongerOnPurpose = [];

    /// <summary>Files that hold no type of their own: a program's top-level statements and what an assembly says of itself.</summary>
    private static readonly string[] NotNamedAfterAType = ["Program", "AssemblyInfo", "GlobalUsings"];

    private static readonly string[] Sources =
    [
        .. Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)),
    ];

    [Fact]
    public void no_source_file_is_longer_than_the_limit()
    {
        var violations =
            from file in Sources
            let lines = Repository.ReadLines(file).Length
            where lines > LineLimit && !LongerOnPurpose.ContainsKey(file)
            select $"{file}: {lines} lines, the limit is {LineLimit}";
        Assert.Empty(violations);
    }

    [Fact]
    public void every_exception_to_the_limit_exists_is_needed_and_has_a_reason()
    {
        var violations = LongerOnPurpose
            .Where(e =>
                !Repository.Exists(e.Key) || Repository.ReadLines(e.Key).Length <= LineLimit || e.Value.Length < 20
            )
            .Select(e => e.Key);
        Assert.Empty(violations);
    }

    [Fact]
    public void every_source_file_is_named_after_a_type_it_declares()
    {
        var violations =
            from file in Sources
            where file.StartsWith("src/", StringComparison.Ordinal)
            // A part of a partial type says which part after a full stop: Listener.Log.cs.
            let name = Path.GetFileName(file).Split('.')[0]
            where !NotNamedAfterAType.Contains(name)
            where !DeclaredTypes(Repository.Read(file)).Contains(name)
            select $"{file}: declares no type named {name}";
        Assert.Empty(violations);
    }

    [Fact]
    public void every_namespace_follows_its_project()
    {
        var violations =
            from file in Sources
            where file.StartsWith("src/", StringComparison.Ordinal)
            let project = file.Split('/')[1]
            let declared = Namespace().Match(Repository.Read(file))
            where declared.Success
            let name = declared.Groups["name"].Value
            where name != project && !name.StartsWith(project + ".", StringComparison.Ordinal)
            select $"{file}: namespace {name}";
        Assert.Empty(violations);
    }

    private static HashSet<string> DeclaredTypes(string text) =>
        TypeDeclaration().Matches(text).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(
        @"\b(class|struct|interface|enum|record|record\s+struct|delegate\s+[\w<>\[\],.?\s]+?)\s+(?<name>[A-Z]\w*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(
        @"^namespace\s+(?<name>[\w.]+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Namespace();
}
