using System.Buffers.Binary;
using System.Numerics;

namespace Weft.Resilience;

/// <summary>
/// A 64-bit hash that is the same in every process, on every machine and in every version: XXH64 (Y. Collet, XXH64 specification, 0.1.1),
/// so that all proxies lead a key to the same endpoint. Not for secrets and not for tables that a stranger fills: who knows
/// the seed can find keys that collide. On a ring that gains him nothing (repeating one key has the same effect); where it would, give a
/// seed of the process's own.
/// </summary>
public static class StableHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    /// <summary>The hash of some bytes.</summary>
    /// <param name="bytes">Any number.</param>
    /// <param name="seed">0 where all must agree.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var length = (ulong)bytes.Length;
        var hash = bytes.Length >= 32 ? Stripes(ref bytes, seed) : seed + Prime5;
        hash += length;
        while (bytes.Length >= 8)
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            bytes = bytes[4..];
        }

        foreach (var one in bytes)
            hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;
        return Avalanche(hash);
    }

    /// <summary>A hash of a hash and one more number.</summary>
    public static ulong Combine(ulong hash, ulong value) =>
        Avalanche((BitOperations.RotateLeft(hash ^ Round(0, value), 27) * Prime1) + Prime4);

    private static ulong Stripes(ref ReadOnlySpan<byte> bytes, ulong seed)
    {
        var (a, b, c, d) = (seed + Prime1 + Prime2, seed + Prime2, seed, seed - Prime1);
        do
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
            bytes = bytes[32..];
        } while (bytes.Length >= 32);

        var hash =
            BitOperations.RotateLeft(a, 1)
            + BitOperations.RotateLeft(b, 7)
            + BitOperations.RotateLeft(c, 12)
            + BitOperations.RotateLeft(d, 18);
        return Merge(Merge(Merge(Merge(hash, a), b), c), d);
    }

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;

    private static ulong Round(ulong lane, ulong input) =>
        BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }
}
