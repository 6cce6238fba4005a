namespace Weft.Http;

public enum ProtocolVersion : byte
{
    Http10,
    Http11,
    Http2,
}
