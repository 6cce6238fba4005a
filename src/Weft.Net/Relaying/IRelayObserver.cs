namespace Weft.Net;

/// <summary>Is told what moves through a <see cref="Relay"/>.</summary>
public interface IRelayObserver
{
    /// <summary>Bytes have moved, in either direction; the connections know how many.</summary>
    void OnMoved();
}
