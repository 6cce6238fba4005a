using System.Buffers;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>
/// The paths that documents may hold: as a request's path looks once it is in its canonical form. Any other could never be met, or
/// would be read differently further down (the same rules as Gateway API's).
/// </summary>
internal static class RoutePath
{
    public const string Expected = "write a path that begins with /";

    private const int MaxLength = 1024;

    // RFC 3986, 3.3: pchar, and '/' between segments.
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "/-._~!$&'()*+,;=:@%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private static readonly string[] Forbidden = ["//", "/./", "/../"];

    public static void Check(YamlScalar scalar, string subject, ProblemSink problems)
    {
        if (WhyNot(scalar.Text) is { } remedy)
        {
            problems.Add(scalar.Position, $"{subject} cannot be {scalar.Noun}", remedy);
        }
    }

    private static string? WhyNot(string path)
    {
        if (!path.StartsWith('/'))
        {
            return Expected;
        }
        if (path.Length > MaxLength)
        {
            return $"write at most {MaxLength} characters";
        }
        var strange = path.AsSpan().IndexOfAnyExcept(Characters);
        if (strange >= 0)
        {
            return path[strange] is '?' or '#'
                ? "write the path alone; a query is matched by 'queryParams'"
                : $"write '{path[strange]}' percent-encoded";
        }
        return
            Array.Exists(Forbidden, part => path.Contains(part, StringComparison.Ordinal))
            || path.EndsWith("/.", StringComparison.Ordinal)
            || path.EndsWith("/..", StringComparison.Ordinal)
            ? "write it without empty segments, '.' and '..'"
            : WhyNotEncoded(path);
    }

    private static string? WhyNotEncoded(string path)
    {
        for (var i = path.IndexOf('%', StringComparison.Ordinal); i >= 0; i = path.IndexOf('%', i + 1))
        {
            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
            {
                return "write two hexadecimal digits after '%'";
            }
            var octet = Convert.ToByte(path.Substring(i + 1, 2), 16);
            if (octet is (byte)'/' or (byte)'\\' or 0)
            {
                return $"write it without '{path.AsSpan(i, 3)}', which servers read in different ways";
            }
        }
        return null;
    }
}
