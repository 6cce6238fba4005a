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

    /// <summary>Forgets everything: another folder is watched.</summary>
    public void Clear()
    {
        _now.Clear();
        _good.Clear();
    }

    /// <summary>Notes what a file says now; null when it is gone.</summary>
    public void Set(string file, string? text)
    {
        if (text is null)
        {
            _now.Remove(file);
        }
        else
        {
            _now[file] = text;
        }
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
            _good = new SortedDictionary<string, string>(_now, StringComparer.Ordinal);
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

        _good = mixed;
        return (second.Set, parse.Problems);
    }

    private static IEnumerable<(string, string)> Texts(SortedDictionary<string, string> texts) =>
        texts.Select(t => (t.Key, t.Value));
}
