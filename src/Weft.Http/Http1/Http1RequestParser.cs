namespace Weft.Http;

/// <summary>
/// Parses request heads in place (RFC 9112). Resumable: whatever the pieces in which bytes arrive, each is looked at once,
/// and the outcome is the same. A broken rule is reported as soon as its byte is seen.
/// </summary>
public sealed class Http1RequestParser(HeadLimits limits)
{
    /// <summary>The longest method in bytes; a longer one is certainly none that is implemented anywhere.</summary>
    public const int MaxMethodBytes = 32;

    private readonly HeadLimits _limits = HeadLimits.Checked(limits);
    private Phase _phase;
    private FieldLineReader _fields;

    // Relative to the head's start: where the current element begins, and how far it was searched.
    private int _element;
    private int _scanned;

    private enum Phase : byte
    {
        Start,
        EmptyLineFeed,
        Method,
        Target,
        Version,
        Fields,
        Complete,
        Rejected,
    }

    public Http1RequestParser()
        : this(HeadLimits.Default) { }

    /// <summary>How many bytes from <c>start</c> on the complete head has.</summary>
    public int Consumed { get; private set; }

    /// <summary>Why the request was rejected.</summary>
    public RejectReason Reason { get; private set; }

    /// <summary>Some bytes of a request have been seen, an empty line before it not counted, and its head is not complete.</summary>
    public bool InProgress =>
        _phase is > Phase.Method and < Phase.Complete || (_phase == Phase.Method && _scanned > _element);

    /// <summary>Forgets everything; needed only after a rejection or an abandoned head.</summary>
    public void Reset()
    {
        _phase = Phase.Start;
        _element = 0;
        _scanned = 0;
        Consumed = 0;
        Reason = RejectReason.None;
    }

    /// <summary>
    /// Parses what lies in <paramref name="buffer"/> from <paramref name="start"/> (the head's first byte) to
    /// <paramref name="end"/>. After <see cref="ParseStatus.Incomplete"/> call again with the same bytes and more; they may
    /// have moved. After <see cref="ParseStatus.Complete"/> the next call begins a new head.
    /// </summary>
    public ParseStatus Parse(byte[] buffer, int start, int end, RequestHead head)
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
        if (_phase == Phase.Start && _element == 0)
        {
            head.Reset();
        }

        var isOverLimit = end - start >= _limits.MaxBytes;
        var limit = isOverLimit ? start + _limits.MaxBytes : end;
        if (_phase < Phase.Fields)
        {
            var status = ParseRequestLine(buffer, start, limit, head);
            if (status != ParseStatus.Complete)
            {
                return status == ParseStatus.Incomplete && isOverLimit ? Reject(RejectReason.HeadTooLarge) : status;
            }

            _phase = Phase.Fields;
        }

        var fields = _fields.Read(head, limit, _limits.MaxFields, out var reason);
        if (fields == ParseStatus.Incomplete)
        {
            return isOverLimit ? Reject(RejectReason.HeadTooLarge) : ParseStatus.Incomplete;
        }

        if (fields == ParseStatus.Complete)
        {
            reason = Framing.Apply(head);
        }

        if (reason != RejectReason.None)
        {
            return Reject(reason);
        }

        Consumed = _fields.Position;
        head.Length = Consumed;
        _phase = Phase.Complete;
        return ParseStatus.Complete;
    }

    private ParseStatus ParseRequestLine(byte[] buffer, int start, int limit, RequestHead head)
    {
        if (_phase < Phase.Method)
        {
            var status = SkipEmptyLine(buffer, start, limit);
            if (status != ParseStatus.Complete)
            {
                return status;
            }
        }

        var scanned = start + _scanned;
        if (_phase == Phase.Method)
        {
            var found = buffer.AsSpan(scanned, limit - scanned).IndexOfAnyExcept(Grammar.Token);
            var end = found < 0 ? limit : scanned + found;
            var length = end - start - _element;
            if (length > MaxMethodBytes)
            {
                return Reject(RejectReason.MethodTooLong);
            }

            _scanned = end - start;
            if (found < 0)
            {
                return ParseStatus.Incomplete;
            }

            if (length == 0 || buffer[end] != (byte)' ')
            {
                return Reject(buffer[end] == (byte)'\n' ? RejectReason.BareLineFeed : RejectReason.InvalidMethod);
            }

            head.SetMethod(_element, length);
            scanned = end + 1;
            _element = scanned - start;
            _scanned = _element;
            _phase = Phase.Target;
        }

        if (_phase == Phase.Target)
        {
            var found = buffer.AsSpan(scanned, limit - scanned).IndexOfAnyExcept(Grammar.Target);
            var end = found < 0 ? limit : scanned + found;
            var length = end - start - _element;
            if (length > _limits.MaxTargetBytes)
            {
                return Reject(RejectReason.TargetTooLong);
            }

            _scanned = end - start;
            if (found < 0)
            {
                return ParseStatus.Incomplete;
            }

            if (length == 0 || buffer[end] != (byte)' ')
            {
                return Reject(buffer[end] == (byte)'\n' ? RejectReason.BareLineFeed : RejectReason.InvalidTarget);
            }

            head.SetTarget(_element, length);
            var reason = RequestTarget.Read(head);
            if (reason != RejectReason.None)
            {
                return Reject(reason);
            }

            _element = end + 1 - start;
            _phase = Phase.Version;
        }

        return ParseVersion(buffer, start, limit, head);
    }

    private ParseStatus ParseVersion(byte[] buffer, int start, int limit, RequestHead head)
    {
        var available = buffer.AsSpan(start + _element, Math.Min(limit - start - _element, VersionText.LineLength));
        var reason = VersionText.Check(available, out var version);
        if (reason != RejectReason.None)
        {
            return Reject(reason);
        }

        if (available.Length < VersionText.LineLength)
        {
            return ParseStatus.Incomplete;
        }

        head.Version = version;
        _fields.Begin(_element + VersionText.LineLength);
        return ParseStatus.Complete;
    }

    // At most one empty line before a request line: some old clients send one after a body (RFC 9112 section 2.2).
    private ParseStatus SkipEmptyLine(byte[] buffer, int start, int limit)
    {
        var position = start + _element;
        if (_phase == Phase.Start)
        {
            if (position >= limit)
            {
                return ParseStatus.Incomplete;
            }

            if (buffer[position] != (byte)'\r')
            {
                _phase = Phase.Method;
                return ParseStatus.Complete;
            }

            position++;
            _element = 1;
            _phase = Phase.EmptyLineFeed;
        }

        if (position >= limit)
        {
            return ParseStatus.Incomplete;
        }

        if (buffer[position] != (byte)'\n')
        {
            return Reject(RejectReason.BareCarriageReturn);
        }

        _element = 2;
        _scanned = 2;
        _phase = Phase.Method;
        return ParseStatus.Complete;
    }

    private ParseStatus Reject(RejectReason reason)
    {
        _phase = Phase.Rejected;
        Reason = reason;
        return ParseStatus.Rejected;
    }
}
