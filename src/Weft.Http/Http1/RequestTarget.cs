using System.Text;

namespace Weft.Http;

/// <summary>Takes a request target apart into authority and path (RFC 9112 section 3.2).</summary>
internal static class RequestTarget
{
    /// <summary>Fills the head's form, scheme, authority and path from its target, whose bytes are already known to be visible ASCII.</summary>
    public static RejectReason Read(RequestHead head)
    {
        var target = head.Target;
        if (head.Method == RequestMethod.Connect)
        {
            head.TargetForm = TargetForm.Authority;
            head.SetAuthority(head.TargetStart, target.Length);
            return Authority.TrySplit(target, out _, out var port) && port >= 0
                ? RejectReason.None
                : RejectReason.InvalidTarget;
        }

        if (target[0] == (byte)'/')
        {
            head.TargetForm = TargetForm.Origin;
            head.SetPath(head.TargetStart, target.Length);
            return RejectReason.None;
        }

        if (target[0] == (byte)'*')
        {
            head.TargetForm = TargetForm.Asterisk;
            head.SetPath(head.TargetStart, target.Length);
            return target.Length == 1 && head.Method == RequestMethod.Options
                ? RejectReason.None
                : RejectReason.InvalidTarget;
        }

        return ReadAbsolute(head, target);
    }

    private static RejectReason ReadAbsolute(RequestHead head, ReadOnlySpan<byte> target)
    {
        var schemeLength = 0;
        if (StartsWithIgnoreCase(target, "http://"u8))
        {
            head.Scheme = TargetScheme.Http;
            schemeLength = 7;
        }
        else if (StartsWithIgnoreCase(target, "https://"u8))
        {
            head.Scheme = TargetScheme.Https;
            schemeLength = 8;
        }
        else
        {
            return RejectReason.InvalidTarget;
        }

        head.TargetForm = TargetForm.Absolute;
        var rest = target[schemeLength..];
        var authorityLength = rest.IndexOfAny((byte)'/', (byte)'?');
        if (authorityLength < 0)
        {
            authorityLength = rest.Length;
        }

        if (!Authority.IsValid(rest[..authorityLength]))
        {
            return RejectReason.InvalidTarget;
        }

        head.SetAuthority(head.TargetStart + schemeLength, authorityLength);
        var path = rest[authorityLength..];
        if (path.Length == 0)
        {
            // RFC 9112 section 3.2.4: OPTIONS for a whole server arrives at the last proxy in this form.
            head.SetPath(head.Method == RequestMethod.Options ? "*"u8 : "/"u8);
        }
        else if (path[0] == (byte)'/')
        {
            head.SetPath(head.TargetStart + schemeLength + authorityLength, path.Length);
        }
        else
        {
            SetQueryOnly(head, path);
        }

        return RejectReason.None;
    }

    // 'http://host?query': the path is empty and is sent on as '/'.
    private static void SetQueryOnly(RequestHead head, ReadOnlySpan<byte> query)
    {
        Span<byte> path = query.Length < 512 ? stackalloc byte[512] : new byte[query.Length + 1];
        path[0] = (byte)'/';
        query.CopyTo(path[1..]);
        head.SetPath(path[..(query.Length + 1)]);
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length > prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
