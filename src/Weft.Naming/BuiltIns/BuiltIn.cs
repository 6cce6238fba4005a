using System.Collections.Frozen;

namespace Weft.Naming;

/// <summary>What a built-in makes of a path: an answer, or another path that is looked up in its place.</summary>
internal readonly record struct BuiltInAnswer(NameState State, Path? Rewritten = null);

/// <summary>
/// The names below <c>/$/</c> that need no configuration. They are no <see cref="INamer"/>: rewriters answer with a
/// path that goes through the dtab again, which only the binder can do.
/// </summary>
internal static class BuiltIn
{
    private static readonly FrozenDictionary<string, Func<Path, BuiltInAnswer>> s_kinds = new Dictionary<
        string,
        Func<Path, BuiltInAnswer>
    >
    {
        ["inet"] = Binds(InetNames.Inet),
        ["fixedinet"] = Binds(InetNames.Inet),
        ["fail"] = Binds(static _ => NameState.Fail),
        ["nil"] = Binds(static _ => NameState.Empty),
        ["rinet"] = Binds(InetNames.Rinet),
        ["hostportPfx"] = Rewrites(HostPortRewriters.HostPort),
        ["porthostPfx"] = Rewrites(HostPortRewriters.PortHost),
        ["http.domainToPath"] = Rewrites(HttpRewriters.DomainToPath),
        ["http.domainToPathPfx"] = Rewrites(HttpRewriters.DomainToPathPfx),
        ["http.subdomainOf"] = Rewrites(HttpRewriters.SubdomainOf),
        ["http.subdomainOfPfx"] = Rewrites(HttpRewriters.SubdomainOfPfx),
        ["http.anyMethod"] = Rewrites(HttpRewriters.AnyMethod),
        ["http.anyMethodPfx"] = Rewrites(HttpRewriters.AnyMethodPfx),
        ["http.anyHost"] = Rewrites(HttpRewriters.AnyHost),
        ["http.anyHostPfx"] = Rewrites(HttpRewriters.AnyHostPfx),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Path, BuiltInAnswer>> s_spellings = Spellings();

    /// <summary>Neg outside of <c>/$/</c>; failed for a kind that does not exist.</summary>
    internal static BuiltInAnswer Lookup(Path path)
    {
        if (path.Length < 2 || path[0] is not "$")
        {
            return new BuiltInAnswer(NameState.Neg);
        }

        return s_spellings.TryGetValue(path[1], out var kind)
            ? kind(path)
            : new BuiltInAnswer(new NameState.Failed($"{path}: there is no built-in namer /$/{path[1]}"));
    }

    /// <summary>Linkerd's full names, <c>io.buoyant.http.anyHost</c>, and the same without either part in front.</summary>
    private static FrozenDictionary<string, Func<Path, BuiltInAnswer>> Spellings()
    {
        var spellings = new Dictionary<string, Func<Path, BuiltInAnswer>>(s_kinds);
        foreach (var (name, kind) in s_kinds)
        {
            // Finagle's own four have just one name.
            if (name is "inet" or "fixedinet" or "fail" or "nil")
            {
                continue;
            }

            spellings[$"io.buoyant.{name}"] = kind;
            if (name.StartsWith("http.", StringComparison.Ordinal))
            {
                spellings[name["http.".Length..]] = kind;
                spellings[$"io.buoyant.{name["http.".Length..]}"] = kind;
            }
        }

        return spellings.ToFrozenDictionary();
    }

    private static Func<Path, BuiltInAnswer> Binds(Func<Path, NameState> bind) => path => new(bind(path));

    private static Func<Path, BuiltInAnswer> Rewrites(Func<Path, Path?> rewrite) =>
        path => new BuiltInAnswer(NameState.Neg, rewrite(path));
}
