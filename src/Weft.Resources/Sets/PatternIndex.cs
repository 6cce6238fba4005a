using System.Collections.Frozen;

namespace Weft.Resources;

/// <summary>
/// Finds what was written for a logical name (without its first label), in a number of steps that the count of names does not change.
/// A pattern without <c>*</c> fits that very name, one with <c>*</c> at its end all that begin so; of several that fit the longest
/// wins, and one without <c>*</c> before one with.
/// </summary>
internal sealed class PatternIndex<T>
    where T : class
{
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _stems;

    /// <summary>The distinct lengths of stems, longest first.</summary>
    private readonly int[] _stemLengths;

    public PatternIndex(IReadOnlyCollection<(string Pattern, T Value)> entries)
    {
        _exact = Index(entries.Where(e => !e.Pattern.EndsWith('*')));
        _stems = Index(entries.Where(e => e.Pattern.EndsWith('*')).Select(e => (e.Pattern[..^1], e.Value)));
        _stemLengths = [.. _stems.Dictionary.Keys.Select(stem => stem.Length).Distinct().OrderDescending()];
    }

    public T? Find(ReadOnlySpan<char> name)
    {
        if (_exact.TryGetValue(name, out var value))
        {
            return value;
        }
        foreach (var length in _stemLengths)
        {
            if (length <= name.Length && _stems.TryGetValue(name[..length], out value))
            {
                return value;
            }
        }
        return null;
    }

    /// <summary>As <see cref="Find(ReadOnlySpan{char})"/>, for the whole of a logical path.</summary>
    public T? Find(Naming.Path logicalName) =>
        logicalName.Length < 2 ? null : Find(logicalName.Skip(1).ToString().AsSpan(1));

    private static FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> Index(
        IEnumerable<(string Key, T Value)> entries
    ) =>
        entries
            .ToFrozenDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}

/// <summary>Makes indices.</summary>
internal static class PatternIndex
{
    /// <summary>The documents of each pattern together, in the alphabetical order of their names.</summary>
    public static PatternIndex<IReadOnlyList<T>> Group<T>(
        IEnumerable<T> documents,
        Func<T, ValueList<string>> patterns,
        Func<IReadOnlyList<T>, IReadOnlyList<T>>? choose = null
    )
        where T : Resource =>
        new([
            .. documents
                .SelectMany(d => patterns(d).Distinct(StringComparer.Ordinal).Select(pattern => (pattern, d)))
                .GroupBy(entry => entry.pattern, entry => entry.d, StringComparer.Ordinal)
                .Select(group =>
                    (group.Key, (choose ?? (all => all))([.. group.OrderBy(d => d.Name, StringComparer.Ordinal)]))
                ),
        ]);
}
