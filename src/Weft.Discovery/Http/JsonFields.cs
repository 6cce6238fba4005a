using System.Globalization;
using System.Text.Json;

namespace Weft.Discovery;

/// <summary>Fields of JSON that others wrote: absent and of the wrong kind are the same.</summary>
internal static class JsonFields
{
    private const NumberStyles Sign = NumberStyles.AllowLeadingSign;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads a document; it is to be disposed.</summary>
    /// <exception cref="BackendException">The bytes are not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException error)
        {
            throw new BackendException("an answer is not JSON", error);
        }
    }

    /// <summary>A field; null when there is none. Of several with the same name the last counts.</summary>
    /// <exception cref="BackendException">A name in the object is no text.</exception>
    public static JsonElement? Field(this JsonElement element, string name)
    {
        try
        {
            return
                element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty(name, out var value)
                && value.ValueKind != JsonValueKind.Null
                ? value
                : null;
        }
        catch (InvalidOperationException error)
        {
            throw NoUnicode(error);
        }
    }

    public static string? Text(this JsonElement element, string name) => element.Field(name)?.Text();

    /// <summary>A value that is a text; null when it is something else.</summary>
    /// <exception cref="BackendException">Its bytes are no UTF-8, or what it escapes is no character.</exception>
    public static string? Text(this JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException error)
        {
            throw NoUnicode(error);
        }
    }

    /// <summary>The fields of an object, up to a number; none when it is no object. Of fields with the same name the last counts.</summary>
    /// <exception cref="BackendException">A name is no text.</exception>
    public static Dictionary<string, JsonElement> Fields(this JsonElement element, string name, int max)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element.Field(name) is { ValueKind: JsonValueKind.Object } map)
        {
            try
            {
                foreach (var field in map.EnumerateObject().Take(max))
                {
                    fields[field.Name] = field.Value;
                }
            }
            catch (InvalidOperationException error)
            {
                throw NoUnicode(error);
            }
        }
        return fields;
    }

    public static double? Number(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? number
            : null;

    /// <summary>A whole number, also when it is written as text, as protobuf's JSON writes 64-bit ones.</summary>
    public static long? Whole(this JsonElement element, string name) =>
        element.Field(name) switch
        {
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
            { ValueKind: JsonValueKind.String } value
                when long.TryParse(value.Text(), Sign, Invariant, out var number) => number,
            _ => null,
        };

    public static bool? Flag(this JsonElement element, string name) =>
        element.Field(name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>The items of a list; none when there is no such field.</summary>
    /// <exception cref="BackendException">There is one, and it is no list: that must not look like an empty one.</exception>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.Field(name) switch
        {
            null => default,
            { ValueKind: JsonValueKind.Array } value => value.EnumerateArray(),
            _ => throw new BackendException($"'{name}' in an answer is no list"),
        };

    private static BackendException NoUnicode(InvalidOperationException error) =>
        new("a text in an answer is no Unicode", error);
}
