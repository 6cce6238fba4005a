namespace Weft.Proxy;

/// <summary>Which way traffic goes, as the <c>direction</c> label says it.</summary>
public enum Direction : byte
{
    /// <summary>From local applications to the mesh.</summary>
    Outbound,

    /// <summary>From the mesh to the local application.</summary>
    Inbound,
}
