using Weft.Net;

namespace Weft.Http;

/// <summary>Makes a response's head out of its fields, as strictly as with requests (RFC 9113 section 8.3.2).</summary>
internal struct ResponseSink(ResponseHead head, BufferPool pool, HeadLimits limits) : IFieldSink
{
    private HeadBytes _bytes = new(head, pool, limits.MaxBytes, limits.MaxFields);
    private RejectReason _malformed;
    private bool _regular;

    public void OnField(in HpackField field)
    {
        if (!_bytes.Count(field) || _malformed != RejectReason.None)
        {
            return;
        }

        if (field.Traits.Pseudo != PseudoHeader.None)
        {
            _malformed =
                field.Traits.Pseudo != PseudoHeader.Status || _regular || head.Status != 0 || !TryStatus(field.Value)
                    ? RejectReason.InvalidPseudoHeader
                    : RejectReason.None;
            return;
        }

        _regular = true;
        _malformed =
            !field.Traits.IsValid ? RejectReason.InvalidFieldName
            : RequestSink.IsForbidden(field) ? RejectReason.ConnectionSpecificField
            : RejectReason.None;
        if (_malformed == RejectReason.None)
        {
            _bytes.AddField(field);
        }
    }

    public void OnFieldTooLong() => _bytes.CountTooLong();

    /// <summary>All fields are there: checks the head as a whole.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="endStream">No body follows.</param>
    public RejectReason End(RequestMethod method, bool endStream)
    {
        if (_bytes.Reason != RejectReason.None || _malformed != RejectReason.None)
        {
            return _malformed != RejectReason.None ? _malformed : _bytes.Reason;
        }

        var status = head.Status;
        if (status is 0 or 101 || (status < 200 && endStream))
        {
            return RejectReason.InvalidPseudoHeader;
        }

        var reason = Framing.ReadLength(head, out _);
        if (reason != RejectReason.None)
        {
            return reason;
        }

        head.Version = ProtocolVersion.Http2;
        head.KeepAlive = true;
        head.SwitchesProtocol = method == RequestMethod.Connect && status is >= 200 and < 300;
        if (status is < 200 or 204 || head.SwitchesProtocol)
        {
            head.ContentLength = -1;
            head.Drop(KnownHeader.ContentLength);
            head.Body = head.SwitchesProtocol ? BodyKind.Chunked : BodyKind.None;
            if (head.SwitchesProtocol)
            {
                WebSocketHandshake.Drop(head, WebSocketHandshake.AcceptName); // It would prove nothing here (RFC 8441 section 5).
            }

            return RejectReason.None;
        }

        if (method == RequestMethod.Head || status == 304)
        {
            head.Body = BodyKind.None;
            return RejectReason.None;
        }

        if (endStream && head.ContentLength > 0)
        {
            return RejectReason.LengthMismatch;
        }

        // An empty body without a declared length has to be delimited for HTTP/1.1 all the same.
        head.Body = head.ContentLength >= 0 ? BodyKind.Length : BodyKind.Chunked;
        return RejectReason.None;
    }

    private readonly bool TryStatus(ReadOnlySpan<byte> value)
    {
        if (
            value.Length != 3
            || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || value[0] is < (byte)'1' or > (byte)'5'
        )
        {
            return false;
        }

        head.Status = ((value[0] - '0') * 100) + ((value[1] - '0') * 10) + (value[2] - '0');
        return true;
    }
}
