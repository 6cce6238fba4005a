namespace Weft.Proxy;

/// <summary>What the first bytes of a connection say.</summary>
internal enum DetectedProtocol : byte
{
    /// <summary>More bytes are needed.</summary>
    Undecided,

    /// <summary>HTTP/1.1, or what calls itself HTTP and is broken.</summary>
    Http1,

    /// <summary>HTTP/2 with prior knowledge: the whole connection preface is there.</summary>
    Http2,

    /// <summary>TLS: the whole ClientHello is there.</summary>
    Tls,

    /// <summary>Nothing that is known.</summary>
    Opaque,
}

/// <summary>What a listener tells apart.</summary>
internal enum DetectionScope : byte
{
    /// <summary>HTTP/1.1 and HTTP/2; what is neither is the former's to refuse.</summary>
    Http,

    /// <summary>These and TLS: there is nowhere to pass other bytes on to.</summary>
    HttpOrTls,

    /// <summary>These, TLS and opaque bytes, which are passed on as they are.</summary>
    Any,
}
