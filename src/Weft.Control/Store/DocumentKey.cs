namespace Weft.Control;

/// <summary>What a document is called within its namespace. Ordered by kind, then name, both ordinal.</summary>
public readonly record struct DocumentKey(string Kind, string Name) : IComparable<DocumentKey>
{
    public int CompareTo(DocumentKey other)
    {
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => $"{Kind} {Name}";

    public static bool operator <(DocumentKey left, DocumentKey right) => left.CompareTo(right) < 0;

    public static bool operator <=(DocumentKey left, DocumentKey right) => left.CompareTo(right) <= 0;

    public static bool operator >(DocumentKey left, DocumentKey right) => left.CompareTo(right) > 0;

    public static bool operator >=(DocumentKey left, DocumentKey right) => left.CompareTo(right) >= 0;
}
