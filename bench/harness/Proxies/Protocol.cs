namespace Weft.Bench.Harness.Proxies;

/// <summary>What a proxy is set up to speak, the same on both sides; plaintext.</summary>
internal enum Protocol
{
    Http1,

    /// <summary>With prior knowledge.</summary>
    Http2,

    /// <summary>Bytes, not looked at.</summary>
    Tcp,
}
