using System.Text;
using Weft.Http;
using Weft.Naming;
using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>From a request to its logical name, by the identifiers of the listener, the first that applies.</summary>
internal static class RequestName
{
    private const string Prefix = "svc";
    private const int HttpPort = 80;

    // A host name has 253 characters at the most; a port and some room for names that are none.
    private const int MaxLabelBytes = 512;

    /// <summary>The name; null when no identifier applies.</summary>
    public static Path? Of(ValueList<Identifier> identifiers, RequestHead head)
    {
        foreach (var identifier in identifiers)
        {
            var name = identifier switch
            {
                Identifier.Host => HostLabel(head) is { } host ? Path.Of(Prefix, host) : null,
                Identifier.MethodAndHost => HostLabel(head) is { } host
                    ? Path.Of(Prefix, "1.1", Label(head.MethodSpan), host)
                    : null,
                Identifier.Header header => OfHeader(HeaderValue(head, header)),
                Identifier.PathSegments path => OfSegments(Segments(head, path)),
                _ => null,
            };
            if (name is not null)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The extra dentries of this request alone, later ones winning; null when there are none.</summary>
    public static Dtab? LocalDtab(RequestHead head, out string? error)
    {
        error = null;
        Dtab? local = null;
        foreach (var known in (ReadOnlySpan<KnownHeader>)[KnownHeader.L5dDtab, KnownHeader.WeftDtab])
        {
            for (var i = head.Find(known); i >= 0; i = head.FindNext(known, i))
            {
                if (!Dtab.TryParse(Encoding.Latin1.GetString(head.Value(i)), out var dtab, out var syntax))
                {
                    error = $"{Encoding.ASCII.GetString(KnownHeaders.NameOf(known))}: {syntax}";
                    return null;
                }

                local = local is null ? dtab : local.Concat(dtab);
            }
        }

        return local;
    }

    internal static ReadOnlySpan<byte> HeaderValue(RequestHead head, Identifier.Header header)
    {
        Span<byte> name = stackalloc byte[header.Name.Length];
        Encoding.ASCII.GetBytes(header.Name, name);
        var index = head.Find(name);
        return index < 0 ? default : head.Value(index);
    }

    /// <summary>The first segments of the path, with their slashes; empty when there are not so many.</summary>
    internal static ReadOnlySpan<byte> Segments(RequestHead head, Identifier.PathSegments wanted)
    {
        var path = head.Path;
        var query = path.IndexOf((byte)'?');
        path = query < 0 ? path : path[..query];
        var end = 0;
        for (var i = 0; i < wanted.Segments; i++)
        {
            if (end >= path.Length || path[end] != '/')
            {
                return default;
            }

            var next = path[(end + 1)..].IndexOf((byte)'/');
            var stop = next < 0 ? path.Length : end + 1 + next;
            if (path[(end + 1)..stop] is [] or [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                return default;
            }

            end = stop;
        }

        return path[..end];
    }

    private static string? HostLabel(RequestHead head)
    {
        Span<byte> normal = stackalloc byte[MaxLabelBytes];
        return
            head.Authority is { IsEmpty: false, Length: <= MaxLabelBytes } authority
            && Authority.Normalize(authority, HttpPort, normal, out var written)
            && written > 0
            ? Label(normal[..written])
            : null;
    }

    private static Path? OfHeader(ReadOnlySpan<byte> value)
    {
        if (value is [] || value.Length > MaxLabelBytes)
        {
            return null;
        }

        var text = Label(value);
        return text[0] != '/' ? Path.Of(Prefix, text)
            : Path.TryParse(text, out var path, out _) && !path.IsRoot ? Path.Of(Prefix).Concat(path)
            : null;
    }

    private static Path? OfSegments(ReadOnlySpan<byte> segments) =>
        segments.IsEmpty || segments.Length > MaxLabelBytes
            ? null
            : new Path([Prefix, .. Label(segments)[1..].Split('/')]);

    /// <summary>Labels are bytes, held as one char each.</summary>
    private static string Label(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
