using System.Globalization;
using System.Text;
using Weft.Bench.ControlPlane.Load;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>The documents that every proxy follows.</summary>
internal static class Documents
{
    public const string Dtab = "Dtab/default";

    private const int MaxServiceDocuments = 300;

    /// <summary>How many there are: a namer, a dtab, and how some hundreds of services are called.</summary>
    public static int Count(Options options) => 2 + ServiceDocuments(options);

    /// <summary>All of them.</summary>
    /// <param name="folder">Of the namer's files.</param>
    /// <param name="options">How many.</param>
    public static string Of(string folder, Options options)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $$"""
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: "{{folder}}"}
            ---
            {{DtabOf("begin")}}
            """
        );
        for (var service = 0; service < ServiceDocuments(options); service++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                ---
                kind: Service
                metadata: {name: {{Services.NameOf(service)}}}
                spec:
                  timeouts: {request: 2s, attempt: 500ms}
                  retries: {on: [connect-failure, 5xx], limit: 2}

                """
            );
        }

        return text.ToString();
    }

    /// <summary>A dtab that differs from others by a mark in it.</summary>
    public static string DtabOf(string mark) =>
        $$"""
            kind: Dtab
            metadata: {name: default}
            spec: |
              /host => /#/file ;
              /svc => /host ;
              /svc/{{mark}} => /#/file/{{Services.NameOf(0)}} ;

            """;

    private static int ServiceDocuments(Options options) => Math.Min(MaxServiceDocuments, options.Services);
}
