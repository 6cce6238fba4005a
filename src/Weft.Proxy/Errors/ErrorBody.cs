using System.Buffers;
using System.Text;
using System.Text.Json;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>Fields and body of the responses that a proxy makes itself.</summary>
internal static class ErrorBody
{
    private static readonly FieldBlock[] s_text = Blocks("text/plain; charset=utf-8");
    private static readonly FieldBlock[] s_json = Blocks("application/json");

    /// <summary>The response's fields and body: JSON when the request asks for it, text otherwise.</summary>
    public static (FieldBlock Fields, ReadOnlyMemory<byte> Body) Of(ProxyError error, RequestHead request) =>
        WantsJson(request)
            ? (s_json[(int)error.Reason], Json(error))
            : (s_text[(int)error.Reason], Encoding.UTF8.GetBytes($"{error.Reason.Text()}: {error.Message}\n"));

    /// <summary>A whole response for a request whose head could not be read.</summary>
    public static byte[] Raw(ProxyError error, int status)
    {
        var body = $"{error.Reason.Text()}: {error.Message}\n";
        var head =
            $"HTTP/1.1 {status} {Encoding.ASCII.GetString(ReasonPhrase.Of(status))}\r\n"
            + $"{Encoding.ASCII.GetString(s_text[(int)error.Reason].Lines)}"
            + $"content-length: {Encoding.UTF8.GetByteCount(body)}\r\nconnection: close\r\n\r\n";
        return Encoding.UTF8.GetBytes(head + body);
    }

    private static bool WantsJson(RequestHead request) =>
        request.TryGet(KnownHeader.Accept, out var accept) && accept.IndexOf("application/json"u8) >= 0;

    private static ReadOnlyMemory<byte> Json(ProxyError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("error", error.Reason.Text());
            writer.WriteNumber("status", error.Reason.Status());
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static FieldBlock[] Blocks(string contentType) =>
        [
            .. Enumerable
                .Range(0, ErrorReasons.Count)
                .Select(r => new FieldBlock(("content-type", contentType), ("weft-error", ((ErrorReason)r).Text()))),
        ];
}
