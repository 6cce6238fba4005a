namespace Weft.Net.Sockets;

/// <summary>Something with a socket that lives no longer than its loop.</summary>
internal interface ISocketOwner
{
    /// <summary>The loop ends: close.</summary>
    void OnLoopEnded();
}
