namespace Weft.Proxy;

/// <summary>What is spoken on a connection, as the <c>protocol</c> label says it.</summary>
internal enum ConnectionProtocol : byte
{
    Http1,
    Http2,
    Tcp,
}
