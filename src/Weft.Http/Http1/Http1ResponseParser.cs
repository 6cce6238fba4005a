namespace Weft.Http;

/// <summary>Parses response heads in place, with the same promises as <see cref="Http1RequestParser"/>.</summary>
public sealed class Http1ResponseParser(HeadLimits limits)
{
    // 'HTTP/1.1 200': version, space, three digits.
    private const int StatusStart = VersionText.Length + 1;
    private const int StatusEnd = StatusStart + 3;

    private Phase _phase;
    private FieldLineReader _fields;
    private int _scanned;

    private enum Phase : byte
    {
        Status,
        Reason,
        Fields,
        Complete,
        Rejected,
    }

    public Http1ResponseParser()
        : this(HeadLimits.Default) { }

    /// <summary>How many bytes from <c>start</c> on the complete head has.</summary>
    public int Consumed { get; private set; }

    /// <summary>Why the response was rejected.</summary>
    public RejectReason Reason { get; private set; }

    /// <summary>Forgets everything; needed only after a rejection or an abandoned head.</summary>
    public void Reset()
    {
        _phase = Phase.Status;
        _scanned = 0;
        Consumed = 0;
        Reason = RejectReason.None;
    }

    /// <summary>
    /// Parses as <see cref="Http1RequestParser.Parse"/> does. <paramref name="requestMethod"/> is that of the request which
    /// this answers: it decides whether a body follows.
    /// </summary>
    public ParseStatus Parse(byte[] buffer, int start, int end, ResponseHead head, RequestMethod requestMethod)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(head);
        if (_phase == Phase.Rejected)
        {
            return ParseStatus.Rejected;
        }

        if (_phase == Phase.Complete)
        {
            Reset();
        }

        head.Rebase(buffer, start);
        var isOverLimit = end - start >= limits.MaxBytes;
        var limit = isOverLimit ? start + limits.MaxBytes : end;
        var status = _phase < Phase.Fields ? ParseStatusLine(buffer, start, limit, head) : ParseStatus.Complete;
        if (status == ParseStatus.Complete)
        {
            status = _fields.Read(head, limit, limits.MaxFields, out var reason);
            if (status == ParseStatus.Complete)
            {
                reason = Framing.Apply(head, requestMethod);
            }

            if (reason != RejectReason.None)
            {
                return Reject(reason);
            }
        }

        if (status == ParseStatus.Complete)
        {
            Consumed = _fields.Position;
            head.Length = Consumed;
            _phase = Phase.Complete;
        }
        else if (status == ParseStatus.Incomplete && isOverLimit)
        {
            return Reject(RejectReason.HeadTooLarge);
        }

        return status;
    }

    private ParseStatus ParseStatusLine(byte[] buffer, int start, int limit, ResponseHead head)
    {
        if (_phase == Phase.Status)
        {
            if (_scanned == 0)
            {
                head.Reset();
            }

            var text = buffer.AsSpan(start, Math.Min(limit - start, StatusEnd));
            var reason = CheckStatus(text, head);
            if (reason != RejectReason.None)
            {
                return Reject(reason);
            }

            _scanned = text.Length;
            if (text.Length < StatusEnd)
            {
                return ParseStatus.Incomplete;
            }

            _phase = Phase.Reason;
        }

        return ParseReason(buffer, start, limit, head);
    }

    private static RejectReason CheckStatus(ReadOnlySpan<byte> text, ResponseHead head)
    {
        var version = text[..Math.Min(text.Length, VersionText.Length)];
        if (!VersionText.HasForm(version))
        {
            return RejectReason.InvalidStatusLine;
        }

        if (version.Length == VersionText.Length)
        {
            if (!VersionText.TryRead(version, out var read))
            {
                return RejectReason.UnsupportedVersion;
            }

            head.Version = read;
        }

        if (text.Length > VersionText.Length && text[VersionText.Length] != (byte)' ')
        {
            return RejectReason.InvalidStatusLine;
        }

        var status = 0;
        for (var i = StatusStart; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
            {
                return RejectReason.InvalidStatusLine;
            }

            status = status * 10 + (text[i] - '0');
        }

        // Codes outside of 100 to 599 are invalid (RFC 9110 section 15).
        head.Status = status;
        return text.Length == StatusEnd && status is < 100 or > 599
            ? RejectReason.InvalidStatusLine
            : RejectReason.None;
    }

    private ParseStatus ParseReason(byte[] buffer, int start, int limit, ResponseHead head)
    {
        var scanned = start + _scanned;
        var found = buffer.AsSpan(scanned, limit - scanned).IndexOfAny(Grammar.Control);
        var end = found < 0 ? limit : scanned + found;
        _scanned = end - start;

        // The space before the phrase is missing in practice where the phrase is; both readings agree then.
        var hasPhrase = _scanned > StatusEnd;
        if (hasPhrase && buffer[start + StatusEnd] != (byte)' ')
        {
            return Reject(RejectReason.InvalidStatusLine);
        }

        if (found < 0)
        {
            return ParseStatus.Incomplete;
        }

        if (buffer[end] != (byte)'\r')
        {
            return Reject(Grammar.Blame(buffer[end]));
        }

        if (end + 1 >= limit)
        {
            return ParseStatus.Incomplete;
        }

        if (buffer[end + 1] != (byte)'\n')
        {
            return Reject(RejectReason.BareCarriageReturn);
        }

        if (hasPhrase)
        {
            head.SetReason(StatusEnd + 1, _scanned - StatusEnd - 1);
        }

        _fields.Begin(_scanned + 2);
        _phase = Phase.Fields;
        return ParseStatus.Complete;
    }

    private ParseStatus Reject(RejectReason reason)
    {
        _phase = Phase.Rejected;
        Reason = reason;
        return ParseStatus.Rejected;
    }
}
