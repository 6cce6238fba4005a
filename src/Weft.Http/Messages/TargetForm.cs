namespace Weft.Http;

/// <summary>The four forms of a request target (RFC 9112 section 3.2).</summary>
public enum TargetForm : byte
{
    /// <summary><c>/path?query</c></summary>
    Origin,

    /// <summary><c>http://host/path?query</c></summary>
    Absolute,

    /// <summary><c>host:port</c>, with CONNECT only.</summary>
    Authority,

    /// <summary><c>*</c>, with OPTIONS only.</summary>
    Asterisk,
}

/// <summary>The scheme that an absolute-form target names.</summary>
public enum TargetScheme : byte
{
    /// <summary>The target names none: the connection's own scheme holds.</summary>
    None,
    Http,
    Https,
}
