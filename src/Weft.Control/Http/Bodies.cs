using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Naming;

namespace Weft.Control;

/// <summary>Reads and writes the bodies of requests and answers.</summary>
internal static class Bodies
{
    /// <summary>Bytes of a request's body.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    public static async Task<string> ReadTextAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        try
        {
            return Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            throw RefusedException.BadRequest("the body is not UTF-8 text");
        }
    }

    public static async Task<T> ReadJsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw RefusedException.BadRequest("the body is null");
        }
        catch (JsonException error)
        {
            throw RefusedException.BadRequest($"the body is not what is expected here: {error.Message}");
        }
    }

    /// <summary>
    /// The documents of a request: <see cref="ApplyRequest"/> as JSON, or with another content type one YAML text, which the
    /// query's <c>file</c> gives a name.
    /// </summary>
    public static async Task<ApplyRequest> ReadDocumentsAsync(HttpContext context)
    {
        if (context.Request.HasJsonContentType())
        {
            var request = await ReadJsonAsync(context, ControlJson.Plain.ApplyRequest);
            return request.Files is not null && request.Files.All(f => f is { Name: not null, Text: not null })
                ? request
                : throw RefusedException.BadRequest("'files' is a list of objects with 'name' and 'text'");
        }

        var file = context.Request.Query["file"].ToString();
        var text = await ReadTextAsync(context);
        return new ApplyRequest
        {
            Files = [new DocumentFile(file.Length > 0 ? file : "body", text)],
            UnchangedSince = Preconditions.Number(context, "unchangedSince"),
        };
    }

    public static async Task WriteJsonAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    /// <summary>Answers with what is written by hand, because no type could say it: trees are as deep as names are rewritten.</summary>
    public static async Task WriteJsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(bytes, DelegationJson.WriterOptions with { Indented = false }))
        {
            write(writer);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(
            bytes.GetBuffer().AsMemory(0, (int)bytes.Length),
            context.RequestAborted
        );
    }

    public static async Task WriteTextAsync(HttpContext context, string text, string contentType)
    {
        context.Response.ContentType = contentType;
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
