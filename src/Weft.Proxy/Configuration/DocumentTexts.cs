using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The documents' files: what they say now, and what each said when it was last valid. A bad file does not hold up the others: its last good
/// text stays in force until it is mended.
/// </summary>
internal sealed class DocumentTexts
{
    private readonly SortedDictionary<string, string> _now = new(StringComparer.Ordinal);
    private SortedDictionary<string, string> _good = new(StringComparer.Ordinal);

    /// <summary>Grows whenever the texts that count are others than before.</summary>
    public int Generation { get; private set; }

    /// <summary>Notes what a file says now; null when it is gone. True when it said something else before.</summary>
    public bool Set(string file, string? text)
    {
        if (text is null)
        {
            return _now.Remove(file);
        }

        if (_now.TryGetValue(file, out var before) && string.Equals(before, text, StringComparison.Ordinal))
        {
            return false;
        }

        _now[file] = text;
        return true;
    }

    /// <summary>
    /// Reads what stands in the files. Files with problems count with their last good text; when the whole does not fit together even so, the set
    /// is null and nothing changes.
    /// </summary>
    public (ResourceSet? Set, IReadOnlyList<Problem> Problems) Read(ProxyConfig config)
    {
        var parse = ResourceSet.Parse(Texts(_now), config);
        if (parse.Problems.Count == 0)
        {
            Count(new SortedDictionary<string, string>(_now, StringComparer.Ordinal));
            return (parse.Set, []);
        }

        var bad = parse.Problems.Select(p => p.File).ToHashSet(StringComparer.Ordinal);
        var mixed = new SortedDictionary<string, string>(_now, StringComparer.Ordinal);
        foreach (var file in bad)
        {
            mixed.Remove(file);
            if (_good.TryGetValue(file, out var good))
            {
                mixed[file] = good;
            }
        }

        var second = ResourceSet.Parse(Texts(mixed), config);
        if (second.Problems.Count > 0)
        {
            return (null, parse.Problems);
        }

        Count(mixed);
        return (second.Set, parse.Problems);
    }

    private void Count(SortedDictionary<string, string> texts)
    {
        if (!texts.SequenceEqual(_good))
        {
            _good = texts;
            Generation++;
        }
    }

    private static IEnumerable<(string, string)> Texts(SortedDictionary<string, string> texts) =>
        texts.Select(t => (t.Key, t.Value));
}
