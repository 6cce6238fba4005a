using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Weft.Control;

/// <summary>What a request asks to hold before it is done, and the tags that such requests use (RFC 9110, 8.8.3 and 13.1).</summary>
internal static class Preconditions
{
    /// <summary>The tag of a revision.</summary>
    public static string TagOf(long revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>
    /// The revision that a document must have: that of <c>If-Match</c>, 0 with <c>If-None-Match: *</c>, null when the request asks for nothing.
    /// </summary>
    public static long? Expected(HttpContext context)
    {
        var headers = context.Request.Headers;
        var (match, none) = (headers.IfMatch.ToString().Trim(), headers.IfNoneMatch.ToString().Trim());
        if (none.Length > 0)
        {
            return none == "*" && match.Length == 0
                ? 0
                : throw RefusedException.BadRequest(
                    "If-None-Match can be '*' only, which asks for a document that does not exist"
                );
        }

        if (match.Length == 0)
        {
            return null;
        }

        var text = match is ['"', .. var inner, '"'] ? inner : match;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw RefusedException.BadRequest(
                $"If-Match cannot be '{match}': write the ETag of the document, such as \"42\""
            );
    }

    /// <summary>A number out of the query; null when it is absent.</summary>
    public static long? Number(HttpContext context, string name)
    {
        var text = context.Request.Query[name].ToString();
        return text.Length == 0 ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw RefusedException.BadRequest($"'{name}' cannot be '{text}': write a number");
    }
}
