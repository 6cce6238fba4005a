namespace Weft.Resilience;

/// <summary>A set of HTTP statuses, 100 to 599, or of gRPC statuses, 0 to 16: one bit each. Immutable; membership is one load.</summary>
public sealed class StatusSet
{
    public static readonly StatusSet Empty = new([]);

    private const int Size = 600;
    private readonly ulong[] _bits = new ulong[(Size + 63) / 64];

    /// <summary>The statuses of ranges, both ends included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A range is empty or leaves 0 to 599.</exception>
    public StatusSet(ReadOnlySpan<(int First, int Last)> ranges)
    {
        foreach (var (first, last) in ranges)
        {
            if (first < 0 || last >= Size || first > last)
                throw new ArgumentOutOfRangeException(nameof(ranges), $"{first} to {last} is no range within 0 to 599");
            for (var status = first; status <= last; status++)
                _bits[status >> 6] |= 1UL << (status & 63);
        }
    }

    public bool Contains(int status) => (uint)status < Size && (_bits[status >> 6] & (1UL << (status & 63))) != 0;
}
