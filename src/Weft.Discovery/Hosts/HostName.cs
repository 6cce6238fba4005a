using System.Buffers;

namespace Weft.Discovery;

/// <summary>Which texts are names of hosts.</summary>
internal static class HostName
{
    /// <summary>RFC 1035, section 2.3.4, as text.</summary>
    private const int MaxLength = 253;

    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-"
    );

    /// <summary>
    /// Letters, digits, <c>-</c>, <c>_</c> and single dots. A last part of digits only would be half an IP address, and no
    /// top-level domain is one (RFC 3696, section 2).
    /// </summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength || text.ContainsAnyExcept(Characters) || text[0] is '.' or '-')
        {
            return false;
        }
        var name = text[^1] == '.' ? text[..^1] : text;
        return !name.Contains("..", StringComparison.Ordinal)
            && name[(name.LastIndexOf('.') + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}
