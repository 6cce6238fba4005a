namespace Weft.Http;

/// <summary>
/// Decides whether a request of HTTP/1.1 that has <c>Connection: upgrade</c> and Upgrade is one for a tunnel, and brings it into the one form that extended
/// CONNECT has too (RFC 8441 section 5).
/// </summary>
/// <remarks>
/// What is not exactly that is a plain request whose Upgrade nobody answers, as a server may (RFC 9110 section 7.8): one that has a body (its end would have to
/// be found before the tunnel's beginning), more than one protocol (the choice would be another's), HTTP or TLS as protocol, or no proper WebSocket key.
/// </remarks>
internal static class UpgradeFields
{
    public static void Read(RequestHead head)
    {
        var index = head.Find(KnownHeader.Upgrade);
        var hasBody = head.Body == BodyKind.Chunked || head.ContentLength > 0;
        if (hasBody || head.FindNext(KnownHeader.Upgrade, index) >= 0 || !ProtocolToken.IsUsable(head.Value(index)))
        {
            return;
        }

        if (ProtocolToken.IsWebSocket(head.Value(index)) && !TakeKey(head))
        {
            return;
        }

        ref readonly var field = ref head.FieldAt(index);
        head.SetProtocol(field.ValueStart, field.ValueLength);
        head.BecomeTunnel();
    }

    private static bool TakeKey(RequestHead head)
    {
        var index = head.Find(WebSocketHandshake.KeyName);
        if (
            head.Method != RequestMethod.Get
            || index < 0
            || head.Find(WebSocketHandshake.KeyName, index + 1) >= 0
            || !WebSocketHandshake.IsKey(head.Value(index))
        )
        {
            return false;
        }

        ref readonly var field = ref head.FieldAt(index);
        head.SetWebSocketKey(field.ValueStart, field.ValueLength);
        head.Drop(index);
        return true;
    }
}
