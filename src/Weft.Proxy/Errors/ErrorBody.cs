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
        WantsJson(request) ? (s_json[(int)error.Reason], Json(error)) : Text(error);

    /// <summary>The same with further fields.</summary>
    public static (FieldBlock Fields, ReadOnlyMemory<byte> Body) Of(
        ProxyError error,
        RequestHead request,
        params ReadOnlySpan<(string Name, string Value)> more
    )
    {
        var (fields, body) = Of(error, request);
        return more.IsEmpty ? (fields, body) : (new FieldBlock([.. fields.Fields, .. more]), body);
    }

    /// <summary>The response to a request whose head could not be read, and with it not what it accepts.</summary>
    public static LocalResponse Of(ProxyError error, int status)
    {
        var (fields, body) = Text(error);
        return new LocalResponse(status, fields, body);
    }

    private static (FieldBlock Fields, ReadOnlyMemory<byte> Body) Text(ProxyError error) =>
        (s_text[(int)error.Reason], Encoding.UTF8.GetBytes($"{error.Reason.Text()}: {error.Message}\n"));

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
