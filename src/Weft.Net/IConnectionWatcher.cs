namespace Weft.Net;

/// <summary>Is told what happens on a connection on which nobody waits.</summary>
public interface IConnectionWatcher
{
    /// <summary>Bytes or the end of the peer's stream have arrived. The connection can still be written to.</summary>
    void OnArrived(Connection connection);

    /// <summary>The connection is gone in both directions (reset, or closed on both sides).</summary>
    void OnLost(Connection connection);
}
