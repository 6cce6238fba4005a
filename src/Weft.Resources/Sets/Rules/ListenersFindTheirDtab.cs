using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>
/// The Dtab document that a listener names is there. One that names none, and finds none, is warned of; and so is a proxy that has its
/// documents from a control plane, for what is not there yet may come, and what others remove must not hold up the rest.
/// </summary>
internal sealed class ListenersFindTheirDtab : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var names = subject.Resources.OfType<DtabDocument>().Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        var listeners = subject.Proxy?.Listeners.Where(l => l.Kind == ListenerKind.Outbound) ?? [];
        foreach (var listener in listeners)
        {
            if (names.Contains(listener.Dtab ?? ListenerConfig.DefaultDtab))
            {
                continue;
            }
            if (listener.Dtab is { } dtab)
            {
                var near = NearestKey.Find(dtab, names);
                var list = subject.Proxy?.Control is null ? findings.Problems : findings.Warnings;
                list.Add(
                    listener.Origin.Problem(
                        $"listener '{listener.Name}' uses the Dtab '{dtab}', and there is no such document",
                        near is null
                            ? $"write a document with 'kind: Dtab' and the name {dtab}"
                            : $"did you mean '{near}'?"
                    )
                );
                continue;
            }
            findings.Warnings.Add(
                listener.Origin.Problem(
                    $"listener '{listener.Name}' names no Dtab, and there is none called '{ListenerConfig.DefaultDtab}': only requests that bring their own find a service"
                )
            );
        }
    }
}
