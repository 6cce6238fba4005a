using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy.Tests;

/// <summary>Tables out of documents, and what requests take in them.</summary>
internal static class Routing
{
    public static readonly Naming.Path Books = Naming.Path.Of("svc", "books");

    /// <summary>The table of <c>/svc/books</c> in the world of some documents.</summary>
    public static RouteTable Table(string documents) => Tables(documents).RoutesOf(Books)!;

    public static RouteTables Tables(string documents)
    {
        var parse = ResourceSet.Parse([("routes.yaml", documents)]);
        Assert.Empty(parse.Problems);
        return new RouteTables(parse.Set);
    }

    /// <summary>One HTTPRoute for books; each rule in YAML's flow style.</summary>
    public static string Route(string name, params ReadOnlySpan<string> rules) =>
        $"kind: HTTPRoute\nmetadata: {{name: {name}}}\nspec:\n  parentRefs: [{{name: books}}]\n  rules:\n"
        + string.Concat(rules.ToArray().Select(rule => $"    - {rule}\n"))
        + "---\n";

    /// <summary>Rules that differ in their matches alone, named 0, 1 and so on.</summary>
    public static RouteTable Matches(params ReadOnlySpan<string> matches) =>
        Table(Route("r", [.. matches.ToArray().Select((match, i) => $"{{name: \"{i}\", matches: [{match}]}}")]));

    /// <summary>The label of the rule that a request takes, or the reason why it takes none.</summary>
    public static string Taken(this RouteTable table, RequestHead head) =>
        table.TryMatch(head, out var rule, out var error) ? rule.Label : error.Reason.Text();

    public static string Taken(this RouteTable table, string path, params ReadOnlySpan<string> headers) =>
        table.Taken(Get(path, headers));

    public static RequestHead Get(string path, params ReadOnlySpan<string> headers) => Request("GET", path, headers);

    public static RequestHead Request(string method, string path, params ReadOnlySpan<string> headers) =>
        Heads.Request($"{method} {path} HTTP/1.1\nhost: Books:8080\n{string.Join('\n', headers.ToArray())}");
}
