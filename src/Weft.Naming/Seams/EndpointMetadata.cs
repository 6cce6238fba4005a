namespace Weft.Naming;

/// <summary>The keys of <see cref="Endpoint.Metadata"/> that mean something to a proxy.</summary>
public static class EndpointMetadata
{
    /// <summary>Where an endpoint stands: callers of the same zone may prefer it.</summary>
    public const string Zone = "zone";

    /// <summary>The version of HTTP that it speaks: <c>http1</c> or <c>http2</c>.</summary>
    public const string Protocol = "protocol";

    /// <summary>Characters of a zone's name.</summary>
    public const int MaxZone = 64;

    /// <summary>Whether a text may name a zone: 1 to <see cref="MaxZone"/> letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, as clouds write theirs.</summary>
    public static bool IsZone(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxZone)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
