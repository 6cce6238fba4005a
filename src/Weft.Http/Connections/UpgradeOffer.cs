using System.Text;

namespace Weft.Http;

/// <summary>The upgrade that a request of HTTP/1.1 asks for, as its client sees it: what is sent, and whether the answer agrees to it.</summary>
internal sealed class UpgradeOffer
{
    private readonly byte[] _protocol;
    private readonly byte[] _key = [];
    private readonly byte[] _accept = [];

    private UpgradeOffer(RequestHead head)
    {
        _protocol = head.Protocol.ToArray();
        IsTranslated = head.Version == ProtocolVersion.Http2;
        if (ProtocolToken.IsWebSocket(_protocol))
        {
            _key = new byte[WebSocketHandshake.KeyBytes];
            _accept = new byte[WebSocketHandshake.AcceptBytes];
            if (head.WebSocketKey.IsEmpty)
            {
                WebSocketHandshake.WriteKey(_key);
            }
            else
            {
                head.WebSocketKey.CopyTo(_key);
            }

            WebSocketHandshake.WriteAccept(_key, _accept);
        }
    }

    /// <summary>It came as an extended CONNECT, to which every 2xx means yes: one without a switch cannot be passed on.</summary>
    public bool IsTranslated { get; }

    /// <summary>The offer of a request; null when it makes none.</summary>
    public static UpgradeOffer? Of(RequestHead head) => head.Protocol.IsEmpty ? null : new UpgradeOffer(head);

    public void WriteTo(ref HeadWriter writer)
    {
        writer.Field(KnownHeader.Connection, "upgrade"u8);
        writer.Field(KnownHeader.Upgrade, _protocol);
        if (_key.Length > 0)
        {
            writer.Field(WebSocketHandshake.KeyName, _key);
        }
    }

    /// <summary>Whether a 101 agrees to this and nothing else. The proof in it, which is for us alone, is taken out.</summary>
    public bool IsAcceptedBy(ResponseHead head)
    {
        var index = head.Find(KnownHeader.Upgrade);
        if (
            !head.Has(ConnectionOptions.Upgrade)
            || index < 0
            || head.FindNext(KnownHeader.Upgrade, index) >= 0
            || !Ascii.EqualsIgnoreCase(head.Value(index), _protocol)
        )
        {
            return false;
        }

        if (_accept.Length == 0)
        {
            return true;
        }

        var proof = head.Find(WebSocketHandshake.AcceptName);
        var isRight = proof >= 0 && head.Value(proof).SequenceEqual(_accept);
        WebSocketHandshake.Drop(head, WebSocketHandshake.AcceptName);
        return isRight;
    }
}
