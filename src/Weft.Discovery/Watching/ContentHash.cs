using System.Runtime.InteropServices;

namespace Weft.Discovery;

/// <summary>
/// Tells contents apart: two lanes of multiply and fold, eight bytes at a time. Not against somebody who makes collisions, who could write the
/// file anyway; a cryptographic hash would bring its library's megabytes into every proxy.
/// </summary>
internal static class ContentHash
{
    private const ulong First = 0xa0761d6478bd642f;
    private const ulong Second = 0xe7037ed1a0b428db;

    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        var a = First ^ (ulong)bytes.Length;
        var b = Second;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            a = Fold(a ^ word, First);
            b = Fold(b + word, Second);
        }

        ulong rest = 0;
        foreach (var last in bytes[(bytes.Length & ~7)..])
        {
            rest = (rest << 8) | last;
        }

        return new UInt128(Fold(a ^ rest, First), Fold(b + rest, Second));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
