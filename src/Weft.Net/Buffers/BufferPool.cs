namespace Weft.Net;

/// <summary>
/// Buffers of one event loop, in powers of two from <see cref="MinSize"/> to <see cref="MaxSize"/> bytes, last in first out so that the
/// warmest is used next. Not thread-safe: it belongs to its loop.
/// </summary>
public sealed class BufferPool
{
    /// <summary>
    /// Smallest buffer, in bytes: most heads and small bodies fit. With HTTP/2 a request has up to four at once, and hundreds of requests run at the same time.
    /// </summary>
    public const int MinSize = 1024;

    /// <summary>Largest buffer that is kept, in bytes.</summary>
    public const int MaxSize = 256 * 1024;

    private const int MinShift = 10;
    private const int Classes = 9;

    // What one loop keeps of each class at the most: 4 MiB; what exceeds it after a burst goes to the collector.
    private const int MaxKeptBytes = 4 * 1024 * 1024;

    private readonly FreeBuffers[] _free = new FreeBuffers[Classes];

    /// <summary>Buffers that are lent out at this moment.</summary>
    public int Lent { get; private set; }

    /// <summary>Lends a buffer of at least <paramref name="size"/> bytes; its content is whatever was in it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0 or more than <see cref="MaxSize"/> bytes.</exception>
    public byte[] Rent(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        Lent++;
        var index = ClassOf(size);
        return _free[index].Pop() ?? GC.AllocateUninitializedArray<byte>(1 << (index + MinShift), pinned: true);
    }

    /// <summary>Takes back a buffer that <see cref="Rent"/> lent. The caller must not touch it again.</summary>
    /// <exception cref="ArgumentException">The buffer has a size that no buffer of a pool has.</exception>
    public void Return(byte[] buffer)
    {
        var index = ClassOf(buffer.Length);
        if (index >= Classes || buffer.Length != 1 << (index + MinShift))
        {
            throw new ArgumentException($"A buffer of {buffer.Length} bytes is not from a pool.", nameof(buffer));
        }

        Lent--;
        _free[index].Push(buffer, MaxKeptBytes >> (index + MinShift));
    }

    private static int ClassOf(int size) =>
        size <= MinSize ? 0 : 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)(size - 1)) - MinShift;

    /// <summary>The free buffers of one class. Of structs, because an array of arrays checks the type of each that is put into it: two of them for every request.</summary>
    private struct FreeBuffers
    {
        private Entry[]? _entries;
        private int _count;

        /// <summary>The one that was returned last; null when there is none.</summary>
        public byte[]? Pop()
        {
            if (_count == 0)
            {
                return null;
            }

            ref var entry = ref _entries![--_count];
            var buffer = entry.Buffer;
            entry.Buffer = null;
            return buffer;
        }

        /// <summary>Keeps a buffer, unless <paramref name="max"/> are kept already.</summary>
        public void Push(byte[] buffer, int max)
        {
            if (_count >= max)
            {
                return;
            }

            if (_entries is null || _count == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(16, 2 * _count));
            }

            _entries[_count++].Buffer = buffer;
        }

        private struct Entry
        {
            public byte[]? Buffer;
        }
    }
}
