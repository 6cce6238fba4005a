namespace Weft.Control.Tests.Http;

/// <summary>Documents and addresses that the tests share.</summary>
internal static class Documents
{
    public const string Root = "/api/v1/namespaces/default";

    public const string Books = Root + "/documents/Service/books";

    public static string Service(string name, string timeout = "1s") =>
        $$"""
            apiVersion: weft.dev/v1
            kind: Service
            metadata: {name: {{name}}}
            spec:
              timeouts: {request: {{timeout}}}

            """;

    public static string Dtab(string name, string text) =>
        $$"""
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: {{name}}}
            spec: |
              {{text}}

            """;

    public static string Namer(string root) =>
        $$"""
            apiVersion: weft.dev/v1
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: {{root}}}

            """;
}
