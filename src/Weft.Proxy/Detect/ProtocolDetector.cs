using System.Buffers;
using System.Text;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>
/// What a connection speaks, from its first bytes alone: the answer does not depend on the pieces in which they come. What calls itself HTTP in its
/// first line is HTTP even when it is broken, so that it is refused: passed on as opaque bytes, it would get round whatever is decided per request.
/// </summary>
internal static class ProtocolDetector
{
    /// <summary>What is not decided after so many bytes is what it most likely is: a ClientHello has at most a record of 16 KiB, usually some 500 bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    // The first line of a request longer than this is taken for one before its end.
    private const int MaxLine = 4 * 1024;

    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);

    // Visible characters, space and tab: what a first line of a text protocol consists of.
    private static readonly SearchValues<byte> s_text = SearchValues.Create([
        (byte)'\t',
        .. Enumerable.Range(0x20, 0x7f - 0x20).Select(b => (byte)b),
    ]);

    /// <summary>Looks at all that has come so far.</summary>
    /// <param name="received">The connection's first bytes, at most <see cref="MaxBytes"/>.</param>
    /// <param name="scope">What the listener tells apart.</param>
    public static DetectedProtocol Detect(ReadOnlySpan<byte> received, DetectionScope scope)
    {
        var preface = Http2ServerConnection.PriorKnowledge;
        var common = Math.Min(received.Length, preface.Length);
        if (received[..common].SequenceEqual(preface[..common]))
        {
            return common == preface.Length ? DetectedProtocol.Http2 : DetectedProtocol.Undecided;
        }

        if (scope == DetectionScope.Http)
        {
            return DetectedProtocol.Http1;
        }

        var hello = ClientHello.Look(received);
        if (hello == ParseStatus.Complete)
        {
            return DetectedProtocol.Tls;
        }

        if (hello == ParseStatus.Incomplete)
        {
            return received.Length < MaxBytes ? DetectedProtocol.Undecided : DetectedProtocol.Opaque;
        }

        return scope == DetectionScope.Any ? OfText(received) : OfFirstByte(received[0]);
    }

    /// <summary>Nobody else takes it: what may be meant as HTTP is answered, everything else is closed.</summary>
    private static DetectedProtocol OfFirstByte(byte first) =>
        s_text.Contains(first) || s_lineEnds.Contains(first) ? DetectedProtocol.Http1 : DetectedProtocol.Opaque;

    private static DetectedProtocol OfText(ReadOnlySpan<byte> received)
    {
        var seen = received[..Math.Min(received.Length, MaxLine)];
        // Empty lines before a request are skipped by servers (RFC 9112 section 2.2), and so they are here.
        var start = seen.IndexOfAnyExcept(s_lineEnds);
        if (start < 0)
        {
            return seen.Length < MaxLine ? DetectedProtocol.Undecided : DetectedProtocol.Opaque;
        }

        var line = seen[start..];
        var end = line.IndexOfAnyExcept(s_text);
        line = end < 0 ? line : line[..end];
        return BeginsAsRequest(line) || NamesHttp(line) ? DetectedProtocol.Http1
            : end >= 0 ? DetectedProtocol.Opaque
            : seen.Length < MaxLine ? DetectedProtocol.Undecided
            : OfLongLine(line);
    }

    private static bool BeginsAsRequest(ReadOnlySpan<byte> line) =>
        line.StartsWith("GET "u8)
        || line.StartsWith("POST "u8)
        || line.StartsWith("PUT "u8)
        || line.StartsWith("HEAD "u8)
        || line.StartsWith("DELETE "u8)
        || line.StartsWith("OPTIONS "u8)
        || line.StartsWith("PATCH "u8)
        || line.StartsWith("CONNECT "u8)
        || line.StartsWith("TRACE "u8);

    /// <summary>Whether <c>HTTP/</c> stands in it; also in lower case, which no valid request has and some servers read.</summary>
    private static bool NamesHttp(ReadOnlySpan<byte> line)
    {
        for (var at = line.IndexOf((byte)'/'); at >= 0; )
        {
            if (at >= 4 && Ascii.EqualsIgnoreCase(line.Slice(at - 4, 4), "http"u8))
            {
                return true;
            }

            var next = line[(at + 1)..].IndexOf((byte)'/');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>A method and a target that goes on and on: nothing else has such lines.</summary>
    private static DetectedProtocol OfLongLine(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space is > 0 and <= Http1RequestParser.MaxMethodBytes ? DetectedProtocol.Http1 : DetectedProtocol.Opaque;
    }
}
