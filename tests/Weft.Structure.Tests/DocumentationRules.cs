using System.Text.RegularExpressions;

namespace Weft.Structure.Tests;

/// <summary>Documentation that points at what is no longer there is worse than none.</summary>
public partial class DocumentationRules
{
    private static readonly string[] Documents =
    [
        .. Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal)),
    ];

    [Fact]
    public void every_relative_link_leads_to_a_file_and_a_heading_that_exist()
    {
        var violations =
            from document in Documents
            from link in Link().Matches(WithoutCode(Repository.Read(document)))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Leads(document, target)
            select $"{document}: {target}";
        Assert.Empty(violations);
    }

    /// <summary>Decision records tell of their day and may name what has gone since.</summary>
    [Fact]
    public void every_path_that_a_document_quotes_exists()
    {
        var violations =
            from document in Documents
            where !document.StartsWith("docs/adr/", StringComparison.Ordinal)
            from quote in QuotedPath().Matches(Repository.Read(document))
            let path = quote.Groups["path"].Value.TrimEnd('/')
            where !Repository.Exists(path)
            select $"{document}: {path}";
        Assert.Empty(violations);
    }

    private static bool Leads(string document, string target)
    {
        var parts = target.Split('#', 2);
        var file =
            parts[0].Length == 0
                ? document
                : Path.GetRelativePath(
                        Repository.Root,
                        Path.GetFullPath(parts[0], Path.GetDirectoryName(Path.Combine(Repository.Root, document))!)
                    )
                    .Replace('\\', '/');
        if (!Repository.Exists(file))
            return false;
        return parts.Length == 1
            || !file.EndsWith(".md", StringComparison.Ordinal)
            || Repository.ReadLines(file).Any(line => line.StartsWith('#') && Anchor(line) == parts[1]);
    }

    /// <summary>How common Markdown renderers name a heading: lower case, spaces to hyphens, punctuation dropped.</summary>
    private static string Anchor(string heading) =>
        string.Concat(
            heading
                .TrimStart('#')
                .Trim()
                .ToLowerInvariant()
                .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
                .Select(c => c == ' ' ? '-' : c)
        );

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?s)```.*?```|`[^`\n]*`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(
        @"`(?<path>(src|tests|bench|docs|examples|deploy|dashboard|\.ci)/[\w./-]*)`",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex QuotedPath();
}
