using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Weft.Naming;

namespace Weft.Control;

/// <summary>The two forms in which namerd takes a dtab, and the document that it becomes here.</summary>
internal static class NamerdDtab
{
    public const string TextType = "application/dtab";

    /// <summary>The dtab of a request's body: <c>application/json</c>, or text.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static async Task<Dtab> ReadAsync(HttpContext context)
    {
        var body = await Bodies.ReadTextAsync(context);
        var text = context.Request.HasJsonContentType() ? TextOf(body) : body;
        return Parse(text);
    }

    /// <summary>The dtab of a text.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static Dtab Parse(string text) =>
        Dtab.TryParse(text, out var dtab, out var error)
            ? dtab
            : throw RefusedException.BadRequest($"the dtab does not parse: {error.ToProblem("dtab")}");

    /// <summary>The Dtab document of that name, as a person would write it.</summary>
    public static string DocumentOf(string name, Dtab dtab)
    {
        var text = new StringBuilder();
        text.Append("apiVersion: weft.dev/v1\nkind: Dtab\nmetadata: {name: ").Append(name).Append("}\nspec: ");
        if (dtab.IsEmpty)
        {
            return text.Append("\"\"\n").ToString();
        }

        text.Append("|\n");
        foreach (var line in dtab.ShowLines())
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string TextOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return string.Join(
                " ; ",
                document
                    .RootElement.EnumerateArray()
                    .Select(d => $"{d.GetProperty("prefix").GetString()} => {d.GetProperty("dst").GetString()}")
            );
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw RefusedException.BadRequest(
                $"the dtab is no list of objects with 'prefix' and 'dst': {error.Message}"
            );
        }
    }
}
