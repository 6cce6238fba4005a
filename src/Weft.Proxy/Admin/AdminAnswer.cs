using System.Buffers;
using System.Text;
using System.Text.Json;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>A response of the admin endpoints.</summary>
internal readonly record struct AdminAnswer(int Status, FieldBlock Fields, ReadOnlyMemory<byte> Body)
{
    private static readonly FieldBlock s_text = BlockOf("text/plain; charset=utf-8");
    private static readonly FieldBlock s_json = BlockOf("application/json");

    // Dtabs are full of '>': never embedded in HTML, they stay readable. A delegation nests deeper than the default bound.
    private static readonly JsonWriterOptions s_options = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 4096,
    };

    public static AdminAnswer Text(int status, string text) => new(status, s_text, Encoding.UTF8.GetBytes(text));

    public static AdminAnswer Of(string contentType, ReadOnlyMemory<byte> body) => new(200, BlockOf(contentType), body);

    public static AdminAnswer Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            write(writer);
        }

        return new AdminAnswer(status, s_json, buffer.WrittenMemory);
    }

    private static FieldBlock BlockOf(string contentType) =>
        new(("content-type", contentType), ("cache-control", "no-store"), ("x-content-type-options", "nosniff"));
}
