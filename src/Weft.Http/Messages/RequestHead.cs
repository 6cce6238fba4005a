namespace Weft.Http;

/// <summary>
/// A request's head in its one canonical form: identification, routing, authorization, logs and the upstream all read
/// these members, never the raw target or a raw Host.
/// </summary>
public sealed class RequestHead : MessageHead
{
    private int _methodStart;
    private int _methodLength;
    private int _targetStart;
    private int _targetLength;
    private int _authorityStart;
    private int _authorityLength;
    private int _pathStart;
    private int _pathLength;
    private int _protocolStart;
    private int _protocolLength;
    private int _keyStart;
    private int _keyLength;

    // Holds a path that is not a slice of the message; _ownPathLength is 0 when it is.
    private byte[] _ownPath = [];
    private int _ownPathLength;

    // Likewise for the authority.
    private byte[] _ownAuthority = [];
    private int _ownAuthorityLength;

    public RequestMethod Method { get; internal set; }

    public ReadOnlySpan<byte> MethodSpan => Slice(_methodStart, _methodLength);

    /// <summary>The request target as it was received.</summary>
    public ReadOnlySpan<byte> Target => Slice(_targetStart, _targetLength);

    public TargetForm TargetForm { get; internal set; }

    public TargetScheme Scheme { get; internal set; }

    /// <summary>
    /// The one effective <c>host[:port]</c>, valid but as written: an absolute-form or authority-form target wins over Host,
    /// and the Host field, where there is one, then reads the same. Empty when the request names no host.
    /// </summary>
    public ReadOnlySpan<byte> Authority =>
        _ownAuthorityLength == 0
            ? Slice(_authorityStart, _authorityLength)
            : _ownAuthority.AsSpan(0, _ownAuthorityLength);

    /// <summary>Path and query as they go into an origin-form target: begins with <c>/</c>, or is <c>*</c>; empty with CONNECT.</summary>
    public ReadOnlySpan<byte> Path =>
        _ownPathLength == 0 ? Slice(_pathStart, _pathLength) : _ownPath.AsSpan(0, _ownPathLength);

    /// <summary>
    /// The one protocol that the request asks to switch to, <c>websocket</c> mostly: by Upgrade in HTTP/1.1, by extended CONNECT in HTTP/2 (RFC 8441), which
    /// are one here, with the method GET (any other that an HTTP/1.1 client gives). Otherwise empty.
    /// </summary>
    public ReadOnlySpan<byte> Protocol => Slice(_protocolStart, _protocolLength);

    /// <summary>
    /// The request has no body: once a response agrees (<see cref="ResponseHead.SwitchesProtocol"/>), both bodies are what the tunnel carries, until each side
    /// has ended its own. CONNECT where <see cref="Protocol"/> is empty. Nothing of it may go on before.
    /// </summary>
    public bool IsTunnel { get; private set; }

    /// <summary>What an HTTP/1.1 client wants proved to it when it asks for a WebSocket; otherwise empty. It is no longer among the fields.</summary>
    internal ReadOnlySpan<byte> WebSocketKey => Slice(_keyStart, _keyLength);

    /// <summary>The client waits for a 100 before it sends the body that it announces (RFC 9110 section 10.1.1).</summary>
    public bool ExpectContinue { get; internal set; }

    /// <summary>
    /// The client asks to leave HTTP/1.1 (<c>Connection: upgrade</c> and Upgrade, or CONNECT), whether it can be done or not; what follows the head may not
    /// be HTTP.
    /// </summary>
    public bool UpgradeRequested { get; internal set; }

    /// <summary>The client reads trailers (<c>TE: trailers</c>). TE itself is hop-by-hop; say this anew to the next hop.</summary>
    public bool AcceptsTrailers { get; internal set; }

    /// <summary>Puts a path in place of the received one. The bytes are copied.</summary>
    public void SetPath(ReadOnlySpan<byte> path)
    {
        ArgumentOutOfRangeException.ThrowIfZero(path.Length, nameof(path));
        SetPath(path, default);
    }

    /// <summary>Asks another host. The bytes are copied; the Host field is dropped, and the next hop is sent one that says this.</summary>
    public void SetAuthority(ReadOnlySpan<byte> authority)
    {
        ArgumentOutOfRangeException.ThrowIfZero(authority.Length, nameof(authority));
        SetOwnAuthority(authority);
        Drop(KnownHeader.Host);
    }

    /// <summary>How many bytes a copy needs (<see cref="CopyFrom"/>).</summary>
    public int Extent =>
        Math.Max(
            Math.Max(Math.Max(_methodStart + _methodLength, _targetStart + _targetLength), FieldsExtent),
            Math.Max(
                Math.Max(_authorityStart + _authorityLength, _pathStart + _pathLength),
                Math.Max(_protocolStart + _protocolLength, _keyStart + _keyLength)
            )
        );

    /// <summary>Becomes a copy of another head, whose bytes may change then.</summary>
    /// <param name="other">The original.</param>
    /// <param name="memory">At least <see cref="Extent"/> bytes, which hold the copy's from now on.</param>
    public void CopyFrom(RequestHead other, byte[] memory)
    {
        Reset();
        other.Buffer.AsSpan(other.Start, other.Extent).CopyTo(memory);
        Rebase(memory, 0);
        CopyFields(other);
        (Version, Body, ContentLength, KeepAlive, Length) = (
            other.Version,
            other.Body,
            other.ContentLength,
            other.KeepAlive,
            other.Length
        );
        Options = other.Options;
        (Method, TargetForm, Scheme) = (other.Method, other.TargetForm, other.Scheme);
        (ExpectContinue, UpgradeRequested) = (other.ExpectContinue, other.UpgradeRequested);
        (AcceptsTrailers, IsTunnel) = (other.AcceptsTrailers, other.IsTunnel);
        (_methodStart, _methodLength) = (other._methodStart, other._methodLength);
        (_targetStart, _targetLength) = (other._targetStart, other._targetLength);
        (_authorityStart, _authorityLength) = (other._authorityStart, other._authorityLength);
        (_pathStart, _pathLength) = (other._pathStart, other._pathLength);
        (_protocolStart, _protocolLength) = (other._protocolStart, other._protocolLength);
        (_keyStart, _keyLength) = (other._keyStart, other._keyLength);
        if (other._ownPathLength > 0)
        {
            SetPath(other.Path, default);
        }

        if (other._ownAuthorityLength > 0)
        {
            SetOwnAuthority(other.Authority);
        }
    }

    public override void Reset()
    {
        base.Reset();
        Method = RequestMethod.Other;
        TargetForm = TargetForm.Origin;
        Scheme = TargetScheme.None;
        ExpectContinue = false;
        UpgradeRequested = false;
        AcceptsTrailers = false;
        IsTunnel = false;
        _methodLength = 0;
        _targetLength = 0;
        _authorityLength = 0;
        _ownAuthorityLength = 0;
        _pathLength = 0;
        _ownPathLength = 0;
        _protocolLength = 0;
        _keyLength = 0;
    }

    /// <summary>The request is one for a tunnel: a length, which says 0, is not passed on.</summary>
    internal void BecomeTunnel()
    {
        IsTunnel = true;
        Body = BodyKind.None;
        ContentLength = -1;
        ExpectContinue = false;
        Drop(KnownHeader.ContentLength);
    }

    internal void SetWebSocketKey(int start, int length)
    {
        _keyStart = start;
        _keyLength = length;
    }

    internal void SetProtocol(int start, int length)
    {
        _protocolStart = start;
        _protocolLength = length;
    }

    internal void SetMethod(int start, int length)
    {
        _methodStart = start;
        _methodLength = length;
        Method = RequestMethods.Classify(MethodSpan);
    }

    internal void SetTarget(int start, int length)
    {
        _targetStart = start;
        _targetLength = length;
    }

    internal int TargetStart => _targetStart;

    internal void SetAuthority(int start, int length)
    {
        _authorityStart = start;
        _authorityLength = length;
    }

    internal int AuthorityStart => _authorityStart;

    internal void SetPath(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest)
    {
        var length = first.Length + rest.Length;
        if (_ownPath.Length < length)
        {
            _ownPath = new byte[Math.Max(64, length * 2)];
        }

        first.CopyTo(_ownPath);
        rest.CopyTo(_ownPath.AsSpan(first.Length));
        _ownPathLength = length;
    }

    internal void SetPath(int start, int length)
    {
        _pathStart = start;
        _pathLength = length;
    }

    private void SetOwnAuthority(ReadOnlySpan<byte> authority)
    {
        if (_ownAuthority.Length < authority.Length)
        {
            _ownAuthority = new byte[Math.Max(64, authority.Length * 2)];
        }

        authority.CopyTo(_ownAuthority);
        _ownAuthorityLength = authority.Length;
    }
}
