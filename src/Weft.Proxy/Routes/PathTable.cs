using System.Diagnostics.CodeAnalysis;

namespace Weft.Proxy;

/// <summary>Values by bytes, found by a span. Immutable.</summary>
internal sealed class PathTable<T>
    where T : class
{
    private readonly Dictionary<byte[], T> _values = new(PathComparer.Instance);
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public PathTable(IEnumerable<(byte[] Key, T Value)> entries)
    {
        foreach (var (key, value) in entries)
        {
            _values.Add(key, value);
        }

        _lookup = _values.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _values.Count;

    public IReadOnlyCollection<byte[]> Keys => _values.Keys;

    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out T? value)
    {
        value = null;
        return _values.Count > 0 && _lookup.TryGetValue(key, out value);
    }
}

/// <summary>Compares bytes with bytes, and with spans of them.</summary>
internal sealed class PathComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly PathComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
