using System.Buffers;
using System.Globalization;

namespace Weft.Resources;

/// <summary>How a request gets its logical name.</summary>
public abstract record Identifier
{
    private Identifier() { }

    /// <summary><c>host</c>: <c>/svc/books</c> out of the authority.</summary>
    public sealed record Host : Identifier
    {
        public override string ToString() => "host";
    }

    /// <summary><c>header:NAME</c>: the path that a header holds.</summary>
    /// <param name="Name">A field name, in lower case.</param>
    public sealed record Header(string Name) : Identifier
    {
        public override string ToString() => $"header:{Name}";
    }

    /// <summary><c>path:N</c>: the first segments of the request's path.</summary>
    /// <param name="Segments">1 to <see cref="MaxSegments"/>.</param>
    public sealed record PathSegments(int Segments) : Identifier
    {
        public override string ToString() => $"path:{Segments}";
    }

    /// <summary><c>methodAndHost</c>: the method and the authority.</summary>
    public sealed record MethodAndHost : Identifier
    {
        public override string ToString() => "methodAndHost";
    }

    public const int MaxSegments = 16;

    internal const string Expected = "write host, header:NAME, path:N or methodAndHost";

    // RFC 9110, 5.6.2: token.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Whether a text may be the name of a header, a cookie or a method.</summary>
    internal static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Reads one of the four forms.</summary>
    public static bool TryParse(string text, out Identifier value)
    {
        ArgumentNullException.ThrowIfNull(text);
        Identifier? read = text.Split(':', 2) switch
        {
            ["host"] => new Host(),
            ["methodAndHost"] => new MethodAndHost(),
            ["header", var name] when IsToken(name) => new Header(name.ToLowerInvariant()),
            ["path", var digits]
                when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var segments)
                    && segments is >= 1 and <= MaxSegments => new PathSegments(segments),
            _ => null,
        };
        value = read ?? new Host();
        return read is not null;
    }
}
