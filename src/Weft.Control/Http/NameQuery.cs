using Microsoft.AspNetCore.Http;

namespace Weft.Control;

/// <summary>What queries about names hold.</summary>
internal static class NameQuery
{
    /// <summary>The name that is asked about.</summary>
    /// <exception cref="RefusedException">There is none, or it does not parse.</exception>
    public static Naming.Path PathOf(HttpContext context) =>
        Naming.Path.TryParse(context.Request.Query["path"].ToString(), out var path, out var error)
            ? path
            : throw RefusedException.BadRequest($"'path' is no name: {error.ToProblem("path")}");
}
