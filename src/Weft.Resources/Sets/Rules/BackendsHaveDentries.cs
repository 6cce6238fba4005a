using Weft.Naming;

namespace Weft.Resources;

/// <summary>
/// Backends and mirrors are logical names, which only a dtab can lead somewhere: that no entry of any dtab begins to do so is a warning.
/// Whether it gets there is known only when it is bound.
/// </summary>
internal sealed class BackendsHaveDentries : IResourceRule
{
    /// <summary>The first label that identifiers give.</summary>
    private const string Label = "svc";

    public void Check(RuleSubject subject, Findings findings)
    {
        var dentries = subject.Resources.OfType<DtabDocument>().SelectMany(d => d.Dtab.Dentries).ToArray();
        if (dentries.Length == 0)
        {
            return; // Nothing leads anywhere here; the routes may be meant for another proxy.
        }
        foreach (var route in subject.Resources.OfType<RouteDocument>())
        {
            foreach (var rule in route.Rules)
            {
                foreach (var backend in rule.Backends.Where(b => !IsLed(b.Name, dentries)))
                {
                    Warn(findings, backend.Origin, backend.Name);
                }
                foreach (var mirror in rule.Filters.Mirrors.Where(m => !IsLed(m.Backend, dentries)))
                {
                    Warn(findings, rule.Origin, mirror.Backend);
                }
            }
        }
    }

    private static void Warn(Findings findings, Origin origin, string backend) =>
        findings.Warnings.Add(
            origin.Problem(
                $"no Dtab has an entry for /{Label}/{backend}: requests for this backend cannot be bound",
                $"'weft delegate /{Label}/{backend}' shows each step"
            )
        );

    private static bool IsLed(string name, Dentry[] dentries) =>
        Naming.Path.TryParse($"/{Label}/{name}", out var path, out _)
        && Array.Exists(dentries, d => d.Prefix.Matches(path));
}
