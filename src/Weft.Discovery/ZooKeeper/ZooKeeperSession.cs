using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>What a client needs to go on with a session on another connection.</summary>
/// <param name="Id">0 for a new one.</param>
/// <param name="Password">16 bytes.</param>
/// <param name="Timeout">As the ensemble wants it.</param>
/// <param name="LastZxid">The last change that was seen; a server that has seen less is refused by the server itself.</param>
internal readonly record struct ZooKeeperSession(
    long Id,
    ImmutableArray<byte> Password,
    TimeSpan Timeout,
    long LastZxid
)
{
    public static readonly ZooKeeperSession None = new(0, [.. new byte[16]], TimeSpan.Zero, 0);
}
