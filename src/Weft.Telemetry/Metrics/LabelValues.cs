using System.Buffers;
using System.Text;

namespace Weft.Telemetry;

/// <summary>Label values as keys: compared one by one, found by a span without making an array, and cleaned.</summary>
internal sealed class LabelValues
    : IEqualityComparer<string[]>,
        IAlternateEqualityComparer<ReadOnlySpan<string>, string[]>
{
    public const string Other = "other";

    /// <summary>A longer value tells nothing, and costs memory for as long as its series lives: it becomes <c>other</c>.</summary>
    public const int MaxLength = 256;

    public static readonly LabelValues Comparer = new();

    private static readonly SearchValues<char> Suspicious = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Append(0x7f).Concat(Enumerable.Range(0xD800, 0x800)).Select(c => (char)c),
    ]);

    /// <summary>True when a value has to be replaced by <see cref="Clean"/> before it is used.</summary>
    public static bool NeedsCleaning(ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            if (value.Length > MaxLength || value.AsSpan().ContainsAny(Suspicious))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Control characters other than the line feed, and surrogates without a partner, become U+FFFD. It happens before values are
    /// compared: two that differ only in what cannot be written would be one series written twice, which spoils a scrape.
    /// </summary>
    public static string Clean(string value)
    {
        if (value.Length > MaxLength)
            return Other;
        if (!value.AsSpan().ContainsAny(Suspicious))
            return value;
        var cleaned = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
            cleaned.Append(Rune.IsControl(rune) && rune.Value != '\n' ? Rune.ReplacementChar : rune);
        return cleaned.ToString();
    }

    public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<string> alternate, string[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(string[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<string> alternate)
    {
        var hash = default(HashCode);
        foreach (var value in alternate)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public string[] Create(ReadOnlySpan<string> alternate) => alternate.ToArray();
}
