using System.Text;

namespace Weft.Http;

/// <summary>
/// Every decision on where a message ends and whether its connection lives on (RFC 9112 sections 6.3 and 9.3). Here and
/// nowhere else: request smuggling is two places disagreeing about this.
/// </summary>
/// <remarks>
/// Stricter than the RFC wherever it leaves a choice: a message with both Content-Length and Transfer-Encoding, with more
/// than one Content-Length (equal ones too), or with any transfer coding but a single <c>chunked</c> is refused.
/// </remarks>
internal static class Framing
{
    public static RejectReason Apply(RequestHead head)
    {
        if (!ConnectionOption.TryRead(head, out var options))
        {
            return RejectReason.TooManyConnectionOptions;
        }

        head.Options = options;
        var reason = ReadHost(head);
        if (reason == RejectReason.None)
        {
            reason = ReadLength(head, out var isChunked);
            head.Body =
                isChunked ? BodyKind.Chunked
                : head.ContentLength >= 0 ? BodyKind.Length
                : BodyKind.None;
        }

        if (reason != RejectReason.None)
        {
            return reason;
        }

        // What follows a CONNECT belongs to the tunnel, not to a body (RFC 9110 section 9.3.6).
        if (head.Method == RequestMethod.Connect && (head.Body == BodyKind.Chunked || head.ContentLength > 0))
        {
            return RejectReason.BodyOnConnect;
        }

        head.KeepAlive = Persists(head);
        if (head.Method == RequestMethod.Connect)
        {
            head.UpgradeRequested = true;
            head.BecomeTunnel();
            return RejectReason.None;
        }

        if (head.Version == ProtocolVersion.Http11)
        {
            // An HTTP/1.0 client knows neither of these, whatever a field says (RFC 9110 sections 7.8 and 10.1.1).
            head.UpgradeRequested = head.Has(ConnectionOptions.Upgrade) && head.Find(KnownHeader.Upgrade) >= 0;
            head.ExpectContinue =
                (head.Body == BodyKind.Chunked || head.ContentLength > 0)
                && head.TryGet(KnownHeader.Expect, out var expectation)
                && Ascii.EqualsIgnoreCase(expectation, "100-continue"u8);
            head.AcceptsTrailers = AcceptsTrailers(head);
            if (head.UpgradeRequested)
            {
                UpgradeFields.Read(head);
            }
        }

        return RejectReason.None;
    }

    public static RejectReason Apply(ResponseHead head, RequestMethod method)
    {
        if (!ConnectionOption.TryRead(head, out var options))
        {
            return RejectReason.TooManyConnectionOptions;
        }

        head.Options = options;
        var reason = ReadLength(head, out var isChunked);
        if (reason != RejectReason.None)
        {
            return reason;
        }

        var status = head.Status;
        head.SwitchesProtocol = status == 101 || (method == RequestMethod.Connect && status is >= 200 and < 300);
        if (status < 200 || status == 204 || head.SwitchesProtocol)
        {
            // These have no body and no length either; a length that is there all the same is not passed on
            // (RFC 9110 section 8.6).
            head.Body = BodyKind.None;
            head.ContentLength = -1;
            head.Drop(KnownHeader.ContentLength);
        }
        else if (method == RequestMethod.Head || status == 304)
        {
            head.Body = BodyKind.None;
        }
        else
        {
            head.Body =
                isChunked ? BodyKind.Chunked
                : head.ContentLength >= 0 ? BodyKind.Length
                : BodyKind.UntilClose;
        }

        head.KeepAlive = Persists(head) && head.Body != BodyKind.UntilClose && !head.SwitchesProtocol;
        return RejectReason.None;
    }

    private static bool Persists(MessageHead head)
    {
        if (head.Has(ConnectionOptions.Close))
        {
            return false;
        }

        return head.Version != ProtocolVersion.Http10 || head.Has(ConnectionOptions.KeepAlive);
    }

    private static RejectReason ReadHost(RequestHead head)
    {
        var index = head.Find(KnownHeader.Host);
        if (index < 0)
        {
            return head.Version == ProtocolVersion.Http10 ? RejectReason.None : RejectReason.MissingHost;
        }

        if (head.FindNext(KnownHeader.Host, index) >= 0)
        {
            return RejectReason.RepeatedHost;
        }

        // An empty Host is what a client must send when its target has no authority (RFC 9110 section 7.2).
        var host = head.Value(index);
        if (host.Length > 0 && !Authority.IsValid(host))
        {
            return RejectReason.InvalidHost;
        }

        ref var field = ref head.FieldAt(index);
        if (head.TargetForm is TargetForm.Absolute or TargetForm.Authority)
        {
            // The target wins (RFC 9112 section 3.2.2). Host is made to agree, so that no later reader can differ.
            field.ValueStart = head.AuthorityStart;
            field.ValueLength = head.Authority.Length;
        }
        else
        {
            head.SetAuthority(field.ValueStart, field.ValueLength);
        }

        return RejectReason.None;
    }

    /// <summary>Reads Content-Length and Transfer-Encoding, of which there is at most one together.</summary>
    internal static RejectReason ReadLength(MessageHead head, out bool isChunked)
    {
        isChunked = false;
        var length = head.Find(KnownHeader.ContentLength);
        var coding = head.Find(KnownHeader.TransferEncoding);
        if (coding >= 0)
        {
            if (head.Version == ProtocolVersion.Http10)
            {
                return RejectReason.TransferEncodingInHttp10;
            }

            if (length >= 0)
            {
                return RejectReason.LengthAndTransferEncoding;
            }

            isChunked =
                head.FindNext(KnownHeader.TransferEncoding, coding) < 0
                && Ascii.EqualsIgnoreCase(head.Value(coding), "chunked"u8);
            return isChunked ? RejectReason.None : RejectReason.UnsupportedTransferEncoding;
        }

        if (length < 0)
        {
            return RejectReason.None;
        }

        if (head.FindNext(KnownHeader.ContentLength, length) >= 0)
        {
            return RejectReason.RepeatedContentLength;
        }

        if (!TryLength(head.Value(length), out var value))
        {
            return RejectReason.InvalidContentLength;
        }

        head.ContentLength = value;
        return RejectReason.None;
    }

    // 1*DIGIT and nothing else; what does not fit 63 bits is refused.
    private static bool TryLength(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > 19)
        {
            return false;
        }

        var sum = 0UL;
        foreach (var digit in digits)
        {
            var number = (uint)(digit - '0');
            if (number > 9)
            {
                return false;
            }

            sum = sum * 10 + number;
        }

        // 19 digits stay below 10^19, which 64 bits hold: the sum itself cannot have wrapped.
        value = (long)sum;
        return sum <= long.MaxValue;
    }

    internal static bool AcceptsTrailers(RequestHead head)
    {
        for (var i = head.Find(KnownHeader.Te); i >= 0; i = head.FindNext(KnownHeader.Te, i))
        {
            foreach (var token in new TokenList(head.Value(i)))
            {
                if (Ascii.EqualsIgnoreCase(token, "trailers"u8))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
