using Weft.Naming;
using Weft.Resources;

namespace Weft.Control.Tests.Preview;

/// <summary>A change of documents, and what was seen before it.</summary>
internal sealed class Bench
{
    public const string Namer =
        "{apiVersion: weft.dev/v1, kind: Namer, metadata: {name: file}, spec: {kind: file, root: /disco}}";

    public const string Direct = "/svc => /#/file ;";

    public ScriptedNames Names { get; init; } =
        new ScriptedNames().With("/#/file/books", 1).With("/#/file/v1", 2).With("/#/file/v2", 3).With("/#/file/none");

    /// <summary>What the proposed documents' namers say, where that is not the same.</summary>
    public ScriptedNames? NamesThen { get; init; }

    /// <summary>Documents that were written within the window.</summary>
    public HashSet<DocumentKey> Unsettled { get; init; } = [];

    public PreviewBudget Budget { get; init; } = new();

    public static string Dtab(string text, string name = "default") =>
        $"{{apiVersion: weft.dev/v1, kind: Dtab, metadata: {{name: {name}}}, spec: '{text}'}}";

    public static string Service(string name, string spec) =>
        $"{{apiVersion: weft.dev/v1, kind: Service, metadata: {{name: {name}}}, spec: {{{spec}}}}}";

    /// <summary>An HTTPRoute of books, with rules as flow maps.</summary>
    public static string Route(string name, params string[] rules) =>
        $"{{apiVersion: weft.dev/v1, kind: HTTPRoute, metadata: {{name: {name}}}, spec: {{parentRefs: [{{kind: Service, name: books}}], "
        + $"rules: [{string.Join(", ", rules.Select(r => $"{{{r}}}"))}]}}}}";

    public static ResourceSet Set(params string[] documents)
    {
        var parsed = ResourceSet.Parse([("mesh.yaml", string.Join("\n---\n", documents))]);
        Assert.Empty(parsed.Problems);
        return parsed.Set;
    }

    public static SeenCalls Seen(
        string service = "books",
        string route = "default",
        long requests = 100,
        string caller = "web",
        params string[] dtabs
    ) => new(caller, dtabs.Length > 0 ? dtabs : ["default"], service, route, requests, 0);

    public PreviewedLine Line(string[] now, string[] then, SeenCalls? seen = null) =>
        Assert.Single(Lines(Set(now), Set(then), seen ?? Seen()));

    public IReadOnlyList<PreviewedLine> Lines(ResourceSet now, ResourceSet then, params SeenCalls[] seen)
    {
        var changed = now
            .All.Except(then.All)
            .Concat(then.All.Except(now.All))
            .Select(d => new DocumentKey(d.Kind, d.Name))
            .ToHashSet();
        var worlds = new PreviewWorlds(
            now,
            then,
            set => ReferenceEquals(set, then) && NamesThen is { } other ? (other, other) : (Names, Names)
        );
        return new Previewer(worlds, changed, new RuleFollower(now, then, Unsettled, Budget)).Run(seen);
    }

    /// <summary>A way in one line: <c>90% /#/file/v1 &amp; 10% /#/file/v2</c>.</summary>
    public static string Text(Way way) =>
        string.Join(
            " & ",
            way.Shares.Select(s =>
                $"{Math.Round(100 * s.Share, 4)}% {s.Target.Id ?? s.Target.Message ?? $"{s.Target.Kind}"}"
            )
        );

    /// <summary>The only case of a line: now, and then.</summary>
    public static string Text(PreviewedLine line)
    {
        var one = Assert.Single(line.Cases);
        return $"{Text(one.Now)} -> {Text(one.Then)}";
    }
}
