using System.Collections.Immutable;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>
/// What a change of documents would do to calls that were seen. No I/O, no clock; for one preview, by one thread.
/// </summary>
/// <param name="worlds">The documents and what names mean, now and then.</param>
/// <param name="changed">The documents that differ.</param>
/// <param name="rules">The rules that requests take and would take.</param>
internal sealed class Previewer(PreviewWorlds worlds, IReadOnlySet<DocumentKey> changed, RuleFollower rules)
{
    /// <summary>What metrics call the names that lead nowhere, and all that are too many to be told apart.</summary>
    private const string OtherServices = "other";

    /// <summary>The Dtab document of listeners that name none.</summary>
    private const string DefaultDtab = "default";

    private static readonly Way s_untold = Way.To(
        new PreviewTarget(TargetKind.Unknown) { Message = "metrics do not tell these names apart" }
    );

    // Callers that bind by the same Dtabs are told the same: what they asked for is looked at once.
    private readonly Dictionary<(string Dtabs, string Service, string Route), PreviewedLine> _known = [];

    private ResourceSet Now => worlds.Now.Set;

    private ResourceSet Then => worlds.Then.Set;

    /// <summary>One line for each entry, those that matter most first.</summary>
    public IReadOnlyList<PreviewedLine> Run(IEnumerable<SeenCalls> seen) =>
        [
            .. seen.Select(LineOf)
                .OrderBy(l => l.Verdict)
                .ThenBy(l => !l.IsTouched)
                .ThenByDescending(l => l.Calls.Requests)
                .ThenBy(l => l.Calls.Caller, StringComparer.Ordinal)
                .ThenBy(l => l.Calls.Service, StringComparer.Ordinal)
                .ThenBy(l => l.Calls.Route, StringComparer.Ordinal),
        ];

    /// <summary>The logical name that metrics call so; null when it is none.</summary>
    private static Naming.Path? PathOf(string service) =>
        service != OtherServices
        && Naming.Path.TryParse(service.StartsWith('/') ? service : $"/svc/{service}", out var path, out _)
            ? path
            : null;

    private PreviewedLine LineOf(SeenCalls calls)
    {
        var key = (string.Join('\n', calls.Dtabs), calls.Service, calls.Route);
        if (!_known.TryGetValue(key, out var line))
        {
            line = WorkOut(calls);
            _known.Add(key, line);
        }

        return line with
        {
            Calls = calls,
        };
    }

    private PreviewedLine WorkOut(SeenCalls calls)
    {
        if (PathOf(calls.Service) is not { } service)
        {
            return Untold(calls);
        }

        var moves = rules.Of(service, calls.Route);
        string[] dtabs = calls.Dtabs.Count > 0 ? [.. calls.Dtabs] : [DefaultDtab];
        var cases = CasesOf(service, moves, dtabs);
        var paths = PathsOf(service, moves);
        var faults = moves
            .Moves.SelectMany(m => FaultNotes.Of(Now.FaultsOf(service), Then.FaultsOf(service), m.Form))
            .Distinct()
            .ToArray();
        var ruleNotes = ComparableOf(moves).SelectMany(NotesOf).Distinct(StringComparer.Ordinal).ToArray();
        var line = new PreviewedLine(
            calls,
            cases,
            [],
            [
                .. CallNotesOf(service, moves),
                .. EndpointNotesOf(service, paths),
                .. ruleNotes,
                .. faults.Select(f => f.Note),
            ],
            []
        );
        return line with
        {
            DependsOn =
                line.Verdict is Verdict.Uncertain || (line.Verdict is not Verdict.Stays && cases.Length > 1)
                    ? Reasons(moves, cases, dtabs)
                    : [],
            Touched = line.IsTouched
                ? TouchedBy(service, line, dtabs, paths, moves)
                    .Concat(faults.Select(f => f.Key))
                    .Where(changed.Contains)
                    .ToImmutableHashSet()
                : [],
        };
    }

    /// <summary>Of names that are not told apart some may be meant by any change; without one, all stay.</summary>
    private PreviewedLine Untold(SeenCalls calls)
    {
        var isSame = changed.Count == 0;
        var then = isSame ? s_untold : Way.To(s_untold.Shares[0].Target with { Mark = worlds.Then.Word });
        var one = new PreviewedCase(DefaultDtab, null, null, s_untold, then);
        var reason = $"which names these are: metrics call all of them {calls.Service}";
        return new PreviewedLine(calls, [one], isSame ? [] : [reason], [], []);
    }

    private ImmutableArray<PreviewedCase> CasesOf(Naming.Path service, RuleMoves moves, string[] dtabs)
    {
        var cases = new List<PreviewedCase>();
        foreach (var dtab in dtabs)
        {
            foreach (var move in moves.Moves)
            {
                var now = RuleWays.Of(move.Now, service, path => worlds.BindNow(dtab, path));
                var then = RuleWays.Of(move.Then, service, path => worlds.BindThen(dtab, path));
                var one = new PreviewedCase(dtab, move.Now.Label, move.Then.Label, now, then);
                if (!cases.Exists(one.IsLike))
                {
                    cases.Add(one);
                }
            }
        }

        return [.. cases];
    }

    private static Naming.Path[] PathsOf(Naming.Path service, RuleMoves moves) =>
        [
            .. moves
                .Moves.SelectMany(m => RuleWays.PathsOf(m.Now, service).Concat(RuleWays.PathsOf(m.Then, service)))
                .Distinct(),
        ];

    private static IEnumerable<string> NotesOf(RuleMove move) => RuleNotes.Of(move.Now.Rule, move.Then.Rule);

    /// <summary>Moves between rules, or none where there are none. To and from no route there is nothing to compare: that they are lost or found says it all.</summary>
    private static IEnumerable<RuleMove> ComparableOf(RuleMoves moves) =>
        moves.Moves.Where(m =>
            m.Now.Kind is RulePickKind.Rule or RulePickKind.Alone
            && m.Then.Kind is RulePickKind.Rule or RulePickKind.Alone
        );

    private IEnumerable<string> CallNotesOf(Naming.Path service, RuleMoves moves)
    {
        var (now, then) = (Now.SpecOf(service), Then.SpecOf(service));
        return ComparableOf(moves)
            .SelectMany(m => SpecNotes.OfCalls(SpecNotes.Under(m.Now.Rule, now), SpecNotes.Under(m.Then.Rule, then)))
            .Distinct(StringComparer.Ordinal);
    }

    private IEnumerable<string> EndpointNotesOf(Naming.Path service, Naming.Path[] paths) =>
        paths.SelectMany(path =>
            SpecNotes
                .OfEndpoints(Now.SpecOf(path), Then.SpecOf(path))
                .Select(note => path == service ? note : $"{path.Skip(1).ToString()[1..]}: {note}")
        );

    private static ImmutableArray<string> Reasons(RuleMoves moves, ImmutableArray<PreviewedCase> cases, string[] dtabs)
    {
        var unknown = cases
            .SelectMany(c => c.Now.Shares.Concat(c.Then.Shares))
            .Select(s => s.Target)
            .Where(t => t.IsUnknown)
            .Select(t => t.Kind is TargetKind.Name ? $"the endpoints of {t.Id}: {t.Message}" : $"{t.Id}: {t.Message}")
            .Distinct(StringComparer.Ordinal);
        var listeners =
            cases.Select(c => c.Dtab).Distinct(StringComparer.Ordinal).Count() > 1
                ? [$"which listener they come by: its names are bound by Dtab {string.Join(" or ", dtabs)}"]
                : Array.Empty<string>();
        return [.. moves.DependsOn, .. listeners, .. unknown];
    }

    /// <summary>The documents that were looked at for a line and may be the cause of what it says.</summary>
    private IEnumerable<DocumentKey> TouchedBy(
        Naming.Path service,
        PreviewedLine line,
        string[] dtabs,
        Naming.Path[] paths,
        RuleMoves moves
    )
    {
        foreach (var dtab in dtabs.Where(d => paths.Any(p => !worlds.BindNow(d, p).IsSameAs(worlds.BindThen(d, p)))))
        {
            yield return new DocumentKey(DtabDocument.KindName, dtab);
        }

        if (line.Verdict is not Verdict.Stays || moves.Moves.Any(m => !Equals(m.Now.Rule, m.Then.Rule)))
        {
            foreach (var route in Now.RoutesOf(service).Concat(Then.RoutesOf(service)))
            {
                yield return KeyOf(route);
            }
        }

        foreach (var path in paths.Append(service).Where(p => !Now.SpecOf(p).Equals(Then.SpecOf(p))))
        {
            foreach (var document in new[] { Now.FindService(path), Then.FindService(path) }.OfType<ServiceDocument>())
            {
                yield return KeyOf(document);
            }
        }

        if (line.Verdict is not Verdict.Stays)
        {
            foreach (var namer in NamersOf(line))
            {
                yield return KeyOf(namer);
            }
        }
    }

    /// <summary>The namers of the names that a line leads to; where it is not known which these are, all.</summary>
    private IEnumerable<NamerDocument> NamersOf(PreviewedLine line)
    {
        var ends = line.Cases.SelectMany(c => c.Now.Shares.Concat(c.Then.Shares)).Select(s => s.Target).ToArray();
        var isOpen = Array.Exists(ends, e => e.Kind is TargetKind.Unknown);
        var names = ends.Where(e => e.Kind is TargetKind.Name)
            .Select(e => Naming.Path.Parse(e.Id!))
            .Distinct()
            .ToArray();
        return Now
            .Namers.Concat(Then.Namers)
            .Where(n => isOpen || Array.Exists(names, name => name.StartsWith(n.Prefix)));
    }

    private static DocumentKey KeyOf(Resource resource) => new(resource.Kind, resource.Name);
}
