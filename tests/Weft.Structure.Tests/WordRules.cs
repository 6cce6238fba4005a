using System.Text.RegularExpressions;

namespace Weft.Structure.Tests;

/// <summary>What must not stand in any file of the repository, and why.</summary>
public class WordRules
{
    // The words are put together here, so that this file does not contain what it forbids.
    private static readonly (string Pattern, string Why)[] EverywhereForbidden =
    [
        (@"(?<![\w.-])/wo" + "rk/", "a path of somebody's machine"),
        (@"(?<![\w.-])/ro" + @"ot/", "a path of somebody's machine"),
        (@"(?<![\w.-])/home/\w", "a path of somebody's machine"),
        (@"(?<![\w.-])/Us" + @"ers/\w", "a path of somebody's machine"),
        ("nuget" + @"\.org", "where packages come from is the builder's affair"),
        ("npm" + @"js\.(org|com)", "where packages come from is the builder's affair"),
        ("-----BEGIN [A-Z ]*PRIV" + "ATE KEY", "a secret: tests make their keys when they run"),
    ];

    private static readonly (string Pattern, string Why)[] ForbiddenInSource =
    [
        (@"\bNotImplemented" + "Exception", "a stub is not a feature: leave it out or build it"),
        (@"//\s*(TO" + "DO|FIX" + "ME|HA" + "CK)", "an issue remembers, a comment does not"),
        (@"^\s*#reg" + "ion", "a file that needs folding needs splitting"),
        (
            @"catch\s*(\([^)]*\)\s*)?(when\s*\([^)]*\)\s*)?\{\s*\}",
            "an error that vanishes: count it, log it or let it pass"
        ),
    ];

    private static readonly string[] Binary = [".png", ".jpg", ".gif", ".ico", ".woff2", ".pfx", ".gz"];

    [Fact]
    public void no_file_names_somebodys_machine_a_package_host_or_holds_a_secret() =>
        Assert.Empty(
            Violations(Repository.Files.Where(f => !Binary.Contains(Path.GetExtension(f))), EverywhereForbidden)
        );

    [Fact]
    public void no_source_file_leaves_work_undone_or_swallows_an_error() =>
        Assert.Empty(
            Violations(Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)), ForbiddenInSource)
        );

    private static IEnumerable<string> Violations(IEnumerable<string> files, (string Pattern, string Why)[] rules) =>
        from file in files
        let text = Repository.Read(file)
        from rule in rules
        let match = Regex.Match(text, rule.Pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(5))
        where match.Success
        select $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1}: '{match.Value.Trim()}': {rule.Why}";
}
