using System.Text;

namespace Weft.Proxy;

/// <summary>
/// The one form of a path that routes are chosen by and that is sent on (RFC 3986 section 6.2.2): unreserved characters stand for themselves,
/// the digits of other percent-encodings are upper case, and there are no <c>.</c> and <c>..</c> segments. The case of letters, empty
/// segments and parameters (<c>;x</c>) stay as they are.
/// </summary>
internal static class PathForm
{
    /// <summary>Whether a path needs no work: nothing in it has two spellings.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> path) =>
        path.IndexOfAny((byte)'%', (byte)'\\') < 0 && path.IndexOf("/."u8) < 0 && path.IndexOf("//"u8) < 0;

    /// <summary>
    /// Writes the canonical form, which is never longer. -1 for a path that has none: a <c>%</c> without two hexadecimal digits, <c>%00</c>,
    /// or more <c>..</c> than segments.
    /// </summary>
    public static int Canonicalize(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        var length = Decode(path, destination);
        return length < 0 ? -1 : RemoveDots(destination[..length]);
    }

    /// <summary>The canonical form of a path of a document, which has one.</summary>
    public static byte[] Canonicalize(string path)
    {
        var bytes = Encoding.ASCII.GetBytes(path);
        var length = Canonicalize(bytes, bytes);
        return length < 0
            ? throw new ArgumentException($"'{path}' has no canonical form", nameof(path))
            : bytes[..length];
    }

    /// <summary>
    /// Writes the canonical path as a server would read it that takes <c>\</c>, <c>%5C</c> and <c>%2F</c> for <c>/</c>, and several of them for one.
    /// -1 when it would then climb above the root.
    /// </summary>
    public static int ReadLeniently(ReadOnlySpan<byte> canonical, Span<byte> destination)
    {
        var written = 0;
        for (var i = 0; i < canonical.Length; i++)
        {
            var isSlash = canonical[i] is (byte)'/' or (byte)'\\';
            if (
                canonical[i] == (byte)'%'
                && canonical[i..] is [_, (byte)'2', (byte)'F', ..] or [_, (byte)'5', (byte)'C', ..]
            )
            {
                isSlash = true;
                i += 2;
            }

            if (!isSlash)
            {
                destination[written++] = canonical[i];
            }
            else if (written == 0 || destination[written - 1] != (byte)'/')
            {
                destination[written++] = (byte)'/';
            }
        }

        return RemoveDots(destination[..written]);
    }

    /// <summary>Source and destination may be the same memory: what is written is never longer than what was read.</summary>
    private static int Decode(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        var written = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != (byte)'%')
            {
                destination[written++] = path[i];
                continue;
            }

            // A lone '%' could become part of an encoding when what follows it is decoded.
            if (!PercentText.TryDecode(path[i..], out var octet) || octet == 0)
            {
                return -1;
            }

            if (IsUnreserved(octet))
            {
                destination[written++] = octet;
            }
            else
            {
                var (high, low) = (ToUpper(path[i + 1]), ToUpper(path[i + 2]));
                destination[written++] = (byte)'%';
                destination[written++] = high;
                destination[written++] = low;
            }

            i += 2;
        }

        return written;
    }

    /// <summary>In place. The path begins with <c>/</c>.</summary>
    private static int RemoveDots(Span<byte> path)
    {
        if (path.IndexOf("/."u8) < 0)
        {
            return path.Length;
        }

        var written = 0;
        for (var i = 0; i < path.Length; )
        {
            // A segment is a slash and what follows it up to the next one.
            var next = path[(i + 1)..].IndexOf((byte)'/');
            var end = next < 0 ? path.Length : i + 1 + next;
            var segment = path[(i + 1)..end];
            var isUp = segment is [(byte)'.', (byte)'.'];
            if (isUp)
            {
                if (written == 0)
                {
                    return -1;
                }

                written = path[..written].LastIndexOf((byte)'/');
            }
            else if (segment is not [(byte)'.'])
            {
                path[i..end].CopyTo(path[written..]);
                written += end - i;
                i = end;
                continue;
            }

            i = end;
            if (i == path.Length)
            {
                path[written++] = (byte)'/';
            }
        }

        return written;
    }

    private static bool IsUnreserved(byte octet) =>
        char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    private static byte ToUpper(byte digit) => (byte)char.ToUpperInvariant((char)digit);
}
