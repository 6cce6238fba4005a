using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Weft.Http;

/// <summary>
/// Field lines as nearly all of them are: there as a whole, with a name that is a token and no control byte in the value. Name and value are told apart in one look at the line's
/// first bytes. Whatever is not plain is left to those who can say what is wrong with it.
/// </summary>
internal static class PlainLine
{
    // What one look takes in. A longer value is searched to its end.
    private const int Window = 64;

    /// <summary>Finds the parts of a line; false when it is not plain, or too near to the buffer's end to be looked at as a whole.</summary>
    /// <param name="buffer">What the line lies in.</param>
    /// <param name="line">Where it begins.</param>
    /// <param name="limit">Where that ends which has been received; what lies behind is not the line's.</param>
    /// <param name="colon">Where the colon is.</param>
    /// <param name="end">Where the CR is that ends it.</param>
    /// <param name="known">What the name is.</param>
    public static bool TryFind(byte[] buffer, int line, int limit, out int colon, out int end, out KnownHeader known)
    {
        (colon, end, known) = (0, 0, KnownHeader.None);
        if (!Vector256.IsHardwareAccelerated || line > buffer.Length - Window)
        {
            return false;
        }

        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), line);
        var low = Vector256.LoadUnsafe(ref start);
        var high = Vector256.LoadUnsafe(ref start, Window / 2);
        var colons = Both(
            Vector256.Equals(low, Vector256.Create((byte)':')),
            Vector256.Equals(high, Vector256.Create((byte)':'))
        );
        var controls = Both(ControlsIn(low), ControlsIn(high));
        var nameLength = BitOperations.TrailingZeroCount(colons); // 64 when there is none.
        var textLength = BitOperations.TrailingZeroCount(controls);
        if (textLength == Window && nameLength < Window && limit - line > Window)
        {
            var further = buffer.AsSpan((line + Window)..limit).IndexOfAny(Grammar.Control);
            textLength = further < 0 ? limit : Window + further;
        }

        // Both ends of the line must have been received: then so has all that was found before them.
        if (
            nameLength == 0
            || nameLength >= textLength
            || textLength >= limit - line - 1
            || buffer[line + textLength] != (byte)'\r'
            || buffer[line + textLength + 1] != (byte)'\n'
        )
        {
            return false;
        }

        // A known name is a token; of the others it has to be seen.
        var name = buffer.AsSpan(line, nameLength);
        known = KnownHeaders.Classify(name);
        if (
            known is KnownHeader.None or KnownHeader.WeftOther or KnownHeader.L5dOther
            && name.ContainsAnyExcept(Grammar.Token)
        )
        {
            return false;
        }

        colon = line + nameLength;
        end = line + textLength;
        return true;
    }

    /// <summary>Control bytes, HTAB among them though a value may hold it: such lines are rare.</summary>
    private static Vector256<byte> ControlsIn(Vector256<byte> bytes) =>
        Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)0x1F)), bytes)
        | Vector256.Equals(bytes, Vector256.Create((byte)0x7F));

    private static ulong Both(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << (Window / 2));
}
