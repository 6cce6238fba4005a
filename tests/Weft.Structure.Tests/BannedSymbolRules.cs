using System.Text.RegularExpressions;

namespace Weft.Structure.Tests;

/// <summary>A banned symbol without a reason is a riddle for whoever runs into it.</summary>
public partial class BannedSymbolRules
{
    private static readonly string[] Lists =
    [
        .. Repository.Files.Where(f => Path.GetFileName(f) is "BannedSymbols.txt"),
    ];

    [Fact]
    public void every_banned_symbol_says_why_and_what_to_use_instead()
    {
        Assert.NotEmpty(Lists);
        var violations =
            from list in Lists
            from line in Repository.ReadLines(list).Select((text, index) => (text, number: index + 1))
            where line.text.Length > 0 && !line.text.StartsWith("//", StringComparison.Ordinal)
            where !SymbolWithReason().IsMatch(line.text)
            select $"{list}:{line.number}: {line.text}";
        Assert.Empty(violations);
    }

    [Fact]
    public void no_symbol_is_banned_twice_in_one_list()
    {
        var violations =
            from list in Lists
            from repeated in Repository.ReadLines(list).Where(l => l.Length > 0).GroupBy(l => l.Split(';')[0])
            where repeated.Skip(1).Any()
            select $"{list}: {repeated.Key}";
        Assert.Empty(violations);
    }

    /// <summary>A documentation id (kind, colon, name), a semicolon, and a sentence of at least three words.</summary>
    [GeneratedRegex(
        @"^[TMPFEN]:[^;\s]+;\s*\S+\s+\S+\s+\S+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex SymbolWithReason();
}
