using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>Rewrites names made of a request's method and host; null, which is neg, when the path has not that shape.</summary>
internal static class HttpRewriters
{
    /// <summary><c>/$/io.buoyant.http.domainToPath/a.b.c/etc</c> is <c>/c/b/a/etc</c>.</summary>
    internal static Path? DomainToPath(Path path) => Reversed(path, 2)?.Concat(path, 3);

    /// <summary><c>/$/io.buoyant.http.domainToPathPfx/pfx/a.b.c/etc</c> is <c>/pfx/c/b/a/etc</c>.</summary>
    internal static Path? DomainToPathPfx(Path path) =>
        Reversed(path, 3) is { } domain ? path.Slice(2, 1).Concat(domain).Concat(path, 4) : null;

    /// <summary><c>/$/io.buoyant.http.subdomainOf/dom/sub.dom:port/etc</c> is <c>/sub/etc</c>.</summary>
    internal static Path? SubdomainOf(Path path) => Subdomain(path, 3) is { } sub ? Path.Of(sub).Concat(path, 4) : null;

    /// <summary><c>/$/io.buoyant.http.subdomainOfPfx/dom/pfx/sub.dom:port/etc</c> is <c>/pfx/sub/etc</c>.</summary>
    internal static Path? SubdomainOfPfx(Path path) =>
        Subdomain(path, 4) is { } sub ? Path.Of(path[3], sub).Concat(path, 5) : null;

    /// <summary><c>/$/io.buoyant.http.anyMethod/GET/etc</c> is <c>/etc</c>.</summary>
    internal static Path? AnyMethod(Path path) => path.Length > 2 && IsMethod(path[2]) ? path.Skip(3) : null;

    /// <summary><c>/$/io.buoyant.http.anyMethodPfx/pfx/GET/etc</c> is <c>/pfx/etc</c>.</summary>
    internal static Path? AnyMethodPfx(Path path) =>
        path.Length > 3 && IsMethod(path[3]) ? path.Slice(2, 1).Concat(path, 4) : null;

    /// <summary><c>/$/io.buoyant.http.anyHost/host/etc</c> is <c>/etc</c>.</summary>
    internal static Path? AnyHost(Path path) => path.Length > 2 && HostText.IsAuthority(path[2]) ? path.Skip(3) : null;

    /// <summary><c>/$/io.buoyant.http.anyHostPfx/pfx/host/etc</c> is <c>/pfx/etc</c>.</summary>
    internal static Path? AnyHostPfx(Path path) =>
        path.Length > 3 && HostText.IsAuthority(path[3]) ? path.Slice(2, 1).Concat(path, 4) : null;

    private static bool IsMethod(string label) => !label.AsSpan().ContainsAnyExceptInRange('A', 'Z');

    private static Path? Reversed(Path path, int at)
    {
        if (path.Length <= at || !HostText.IsAuthority(path[at]))
        {
            return null;
        }

        var parts = path[at].TrimEnd('.').Split('.');
        Array.Reverse(parts);
        return Array.Exists(parts, string.IsNullOrEmpty) ? null : new Path([.. parts]);
    }

    /// <summary>What stands before the domain in the host at a position of the path; the domain is at position 2.</summary>
    private static string? Subdomain(Path path, int at)
    {
        if (path.Length <= at || !HostText.IsAuthority(path[at]))
        {
            return null;
        }

        var colon = path[at].IndexOf(':', StringComparison.Ordinal);
        var host = colon < 0 ? path[at] : path[at][..colon];
        var length = host.Length - path[2].Length - 1;
        return length > 0 && host[length] == '.' && host.EndsWith(path[2], StringComparison.OrdinalIgnoreCase)
            ? host[..length]
            : null;
    }
}
