using System.Text;
using Weft.Net;

namespace Weft.Http;

/// <summary>
/// Makes a request's head out of its fields, in the one canonical form that HTTP/1.1 gives it too: <c>:authority</c> becomes Host, cookie crumbs
/// become one cookie (RFC 9113 sections 8.2 and 8.3).
/// </summary>
internal struct RequestSink(RequestHead head, BufferPool pool, HeadLimits limits, bool takesProtocol = false)
    : IFieldSink
{
    private const ulong ConnectionSpecific =
        (1UL << (int)KnownHeader.Connection)
        | (1UL << (int)KnownHeader.KeepAlive)
        | (1UL << (int)KnownHeader.ProxyConnection)
        | (1UL << (int)KnownHeader.TransferEncoding)
        | (1UL << (int)KnownHeader.Upgrade);

    private const int MaxMethodBytes = Http1RequestParser.MaxMethodBytes;

    private HeadBytes _bytes = new(head, pool, limits.MaxBytes, limits.MaxFields);
    private RejectReason _malformed;
    private PseudoHeaders _pseudo;
    private bool _regular;
    private int _cookies;

    [Flags]
    private enum PseudoHeaders : byte
    {
        None = 0,
        Method = 1,
        Scheme = 2,
        Authority = 4,
        Path = 8,
        Protocol = 16,
    }

    /// <summary>True when the request is malformed: its stream is reset. Otherwise a rejected one is answered.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>True for the fields that no message of HTTP/2 may have (RFC 9113 section 8.2.2).</summary>
    public static bool IsForbidden(in HpackField field)
    {
        var known = field.Traits.Known;
        return (KnownHeaders.Bit(known) & ConnectionSpecific & ~1UL) != 0
            || (known == KnownHeader.Te && !Ascii.EqualsIgnoreCase(field.Value, "trailers"u8));
    }

    public void OnField(in HpackField field)
    {
        if (!_bytes.Count(field) || _malformed != RejectReason.None)
        {
            return;
        }

        if (field.Traits.Pseudo != PseudoHeader.None)
        {
            OnPseudo(field);
            return;
        }

        _regular = true;
        if (!field.Traits.IsValid)
        {
            _malformed = RejectReason.InvalidFieldName;
        }
        else if (IsForbidden(field))
        {
            _malformed = RejectReason.ConnectionSpecificField;
        }
        else
        {
            _cookies += field.Traits.Known == KnownHeader.Cookie ? 1 : 0;
            _bytes.AddField(field);
        }
    }

    public void OnFieldTooLong() => _bytes.CountTooLong();

    /// <summary>All fields are there: checks the head as a whole.</summary>
    public RejectReason End(bool endStream)
    {
        if (_malformed == RejectReason.None && _bytes.Reason != RejectReason.None)
        {
            return _bytes.Reason;
        }

        var reason = _malformed != RejectReason.None ? _malformed : CheckPseudo();
        IsMalformed = reason != RejectReason.None;
        if (IsMalformed)
        {
            return reason;
        }

        reason = ReadTarget();
        reason = reason != RejectReason.None ? reason : ReadFraming(endStream);
        return reason == RejectReason.None && head.Method == RequestMethod.Connect ? ReadTunnel() : reason;
    }

    private void OnPseudo(in HpackField field)
    {
        var flag = field.Traits.Pseudo switch
        {
            PseudoHeader.Method => PseudoHeaders.Method,
            PseudoHeader.Scheme => PseudoHeaders.Scheme,
            PseudoHeader.Authority => PseudoHeaders.Authority,
            PseudoHeader.Path => PseudoHeaders.Path,
            PseudoHeader.Protocol when takesProtocol => PseudoHeaders.Protocol,
            _ => PseudoHeaders.None,
        };
        if (flag == PseudoHeaders.None || _regular || (_pseudo & flag) != PseudoHeaders.None || !field.Traits.IsValid)
        {
            _malformed = RejectReason.InvalidPseudoHeader;
            return;
        }

        _pseudo |= flag;
        var value = field.Value;
        switch (flag)
        {
            case PseudoHeaders.Method:
                if (value.IsEmpty || value.IndexOfAnyExcept(Grammar.Token) >= 0)
                {
                    _malformed = RejectReason.InvalidMethod;
                    return;
                }

                head.SetMethod(_bytes.Append(value), value.Length);
                break;
            case PseudoHeaders.Scheme:
                head.Scheme =
                    value.SequenceEqual("http"u8) ? TargetScheme.Http
                    : value.SequenceEqual("https"u8) ? TargetScheme.Https
                    : TargetScheme.None;
                break;
            case PseudoHeaders.Authority:
                AddHost(value);
                break;
            case PseudoHeaders.Path:
                if (value.IsEmpty || value.IndexOfAnyExcept(Grammar.Target) >= 0)
                {
                    _malformed = RejectReason.InvalidTarget;
                    return;
                }

                var start = _bytes.Append(value);
                head.SetTarget(start, value.Length);
                head.SetPath(start, value.Length);
                break;
            case PseudoHeaders.Protocol:
                if (value.IsEmpty)
                {
                    _malformed = RejectReason.InvalidPseudoHeader; // An empty one would be an ordinary CONNECT further on.
                    return;
                }

                head.SetProtocol(_bytes.Append(value), value.Length);
                break;
        }
    }

    private void AddHost(ReadOnlySpan<byte> authority)
    {
        var line = _bytes.Reserve("host: \r\n"u8.Length + authority.Length, out var start);
        "host: "u8.CopyTo(line);
        authority.CopyTo(line[6..]);
        "\r\n"u8.CopyTo(line[^2..]);
        head.Add(start, 4, start + 6, authority.Length, KnownHeader.Host);
        head.SetAuthority(start + 6, authority.Length);
    }

    /// <summary>Which pseudo-header fields there must be (RFC 9113 section 8.3.1 and 8.5, RFC 8441 section 4).</summary>
    private readonly RejectReason CheckPseudo()
    {
        const PseudoHeaders ordinary = PseudoHeaders.Method | PseudoHeaders.Scheme | PseudoHeaders.Path;
        var isConnect = head.Method == RequestMethod.Connect;
        var right =
            (_pseudo & PseudoHeaders.Protocol) != PseudoHeaders.None
                ? isConnect && (_pseudo & (ordinary | PseudoHeaders.Authority)) == (ordinary | PseudoHeaders.Authority)
            : isConnect ? _pseudo == (PseudoHeaders.Method | PseudoHeaders.Authority)
            : (_pseudo & ordinary) == ordinary;
        return right ? RejectReason.None : RejectReason.InvalidPseudoHeader;
    }

    private RejectReason ReadTarget()
    {
        if (head.MethodSpan.Length > MaxMethodBytes)
        {
            return RejectReason.MethodTooLong;
        }

        if (head.Target.Length > limits.MaxTargetBytes)
        {
            return RejectReason.TargetTooLong;
        }

        var reason = ReadHost();
        if (reason != RejectReason.None)
        {
            return reason;
        }

        if (head.Method == RequestMethod.Connect && head.Protocol.IsEmpty)
        {
            head.TargetForm = TargetForm.Authority;
            head.SetTarget(head.AuthorityStart, head.Authority.Length);
            return Authority.TrySplit(head.Authority, out _, out var port) && port >= 0
                ? RejectReason.None
                : RejectReason.InvalidTarget;
        }

        if (head.Path[0] == (byte)'/')
        {
            head.TargetForm = TargetForm.Origin;
            return RejectReason.None;
        }

        head.TargetForm = TargetForm.Asterisk;
        return head.Path.Length == 1 && head.Path[0] == (byte)'*' && head.Method == RequestMethod.Options
            ? RejectReason.None
            : RejectReason.InvalidTarget;
    }

    /// <summary>One authority: a Host field beside <c>:authority</c> must say the same, and stands in for it when it is missing.</summary>
    private readonly RejectReason ReadHost()
    {
        var first = head.Find(KnownHeader.Host);
        if (first < 0)
        {
            return RejectReason.MissingHost;
        }

        var isPseudo = (_pseudo & PseudoHeaders.Authority) != PseudoHeaders.None;
        if (!Authority.IsValid(head.Value(first)))
        {
            return RejectReason.InvalidHost;
        }

        var second = head.FindNext(KnownHeader.Host, first);
        if (second >= 0)
        {
            if (!isPseudo || head.FindNext(KnownHeader.Host, second) >= 0)
            {
                return RejectReason.RepeatedHost;
            }

            if (!Ascii.EqualsIgnoreCase(head.Value(first), head.Value(second)))
            {
                return RejectReason.InvalidHost;
            }

            head.Drop(second);
        }

        if (!isPseudo)
        {
            ref readonly var field = ref head.FieldAt(first);
            head.SetAuthority(field.ValueStart, field.ValueLength);
        }

        return RejectReason.None;
    }

    private RejectReason ReadFraming(bool endStream)
    {
        var reason = Framing.ReadLength(head, out _);
        if (reason != RejectReason.None || (endStream && head.ContentLength > 0))
        {
            IsMalformed = true;
            return reason != RejectReason.None ? reason : RejectReason.LengthMismatch;
        }

        JoinCookies();
        head.Version = ProtocolVersion.Http2;
        head.KeepAlive = true;
        head.Body =
            endStream && head.ContentLength < 0 ? BodyKind.None
            : head.ContentLength >= 0 ? BodyKind.Length
            : BodyKind.Chunked;
        head.ExpectContinue =
            !endStream
            && head.TryGet(KnownHeader.Expect, out var expectation)
            && Ascii.EqualsIgnoreCase(expectation, "100-continue"u8);
        head.AcceptsTrailers = Framing.AcceptsTrailers(head);
        return RejectReason.None;
    }

    /// <summary>Extended CONNECT becomes what an upgrade of HTTP/1.1 is.</summary>
    private RejectReason ReadTunnel()
    {
        if (head.ContentLength > 0)
        {
            return RejectReason.BodyOnConnect;
        }

        head.BecomeTunnel();
        if (head.Protocol.IsEmpty)
        {
            return RejectReason.None;
        }

        if (!ProtocolToken.IsUsable(head.Protocol))
        {
            return RejectReason.UnsupportedProtocol;
        }

        head.SetMethod(_bytes.Append("GET"u8), 3);
        WebSocketHandshake.Drop(head, WebSocketHandshake.KeyName);
        return RejectReason.None;
    }

    private void JoinCookies()
    {
        if (_cookies < 2)
        {
            return;
        }

        var length = 0;
        for (var i = head.Find(KnownHeader.Cookie); i >= 0; i = head.FindNext(KnownHeader.Cookie, i))
        {
            length += head.Value(i).Length + 2;
        }

        length -= 2;
        var line = _bytes.Reserve("cookie: \r\n"u8.Length + length, out var start);
        "cookie: "u8.CopyTo(line);
        var rest = line[8..];
        var isSecret = false;
        for (var i = head.Find(KnownHeader.Cookie); i >= 0; i = head.FindNext(KnownHeader.Cookie, i))
        {
            if (rest.Length < length + 2)
            {
                "; "u8.CopyTo(rest);
                rest = rest[2..];
            }

            var crumb = head.Value(i);
            crumb.CopyTo(rest);
            rest = rest[crumb.Length..];
            isSecret |= head.FieldAt(i).NeverIndexed;
        }

        "\r\n"u8.CopyTo(rest);
        head.Drop(KnownHeader.Cookie);
        head.Add(start, 6, start + 8, length, KnownHeader.Cookie);
        head.FieldAt(head.Count - 1).NeverIndexed = isSecret;
    }
}
