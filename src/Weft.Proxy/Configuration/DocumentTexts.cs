using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The documents' files: what they say now, and what each said when it was last valid. A bad file does not hold up the others: its last good
/// text stays in force until it is mended. A file is read again only when it says something else.
/// </summary>
internal sealed class DocumentTexts
{
    private readonly SortedDictionary<string, Text> _now = new(StringComparer.Ordinal);
    private SortedDictionary<string, Text> _good = new(StringComparer.Ordinal);

    /// <summary>Grows whenever the texts that count are others than before.</summary>
    public int Generation { get; private set; }

    /// <summary>Notes what a file says now; null when it is gone. True when it said something else before.</summary>
    public bool Set(string file, string? text)
    {
        if (text is null)
        {
            return _now.Remove(file);
        }

        if (_now.TryGetValue(file, out var before) && string.Equals(before.Content, text, StringComparison.Ordinal))
        {
            return false;
        }

        _now[file] = new Text(text, ResourceReading.Of(file, text));
        return true;
    }

    /// <summary>
    /// Puts together what stands in the files. Files with problems count with their last good text; when the whole does not fit together even
    /// so, the set is null and nothing changes.
    /// </summary>
    public (ResourceSet? Set, IReadOnlyList<Problem> Problems) Read(ProxyConfig config)
    {
        var parse = Combine(_now, config);
        if (parse.Problems.Count == 0)
        {
            Count(new SortedDictionary<string, Text>(_now, StringComparer.Ordinal));
            return (parse.Set, []);
        }

        var bad = parse.Problems.Select(p => p.File).ToHashSet(StringComparer.Ordinal);
        var mixed = new SortedDictionary<string, Text>(_now, StringComparer.Ordinal);
        foreach (var file in bad)
        {
            mixed.Remove(file);
            if (_good.TryGetValue(file, out var good))
            {
                mixed[file] = good;
            }
        }

        var second = Combine(mixed, config);
        if (second.Problems.Count > 0)
        {
            return (null, parse.Problems);
        }

        Count(mixed);
        return (second.Set, parse.Problems);
    }

    private void Count(SortedDictionary<string, Text> texts)
    {
        if (!Contents(texts).SequenceEqual(Contents(_good)))
        {
            Generation++;
        }

        _good = texts;
    }

    private static IEnumerable<(string, string)> Contents(SortedDictionary<string, Text> texts) =>
        texts.Select(t => (t.Key, t.Value.Content));

    private static ResourceParse Combine(SortedDictionary<string, Text> texts, ProxyConfig config) =>
        ResourceSet.Combine(texts.Values.Select(t => t.Reading), config);

    private sealed record Text(string Content, ResourceReading Reading);
}
