using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Stats;

namespace Weft.Cli.Verbs;

/// <summary><c>weft edges</c>: who calls whom.</summary>
internal static class EdgesVerb
{
    public static Command Create(CliContext context) =>
        new TrafficVerb(context, TrafficShape.Edges).Complete(
            new Verb(
                "edges",
                "Shows who calls whom, and how that went, as callers saw it.",
                "weft edges --control 127.0.0.1:4190",
                "weft edges --proxy 10.0.0.1:4191 --proxy 10.0.0.2:4191 --window 10s -o json"
            )
        );
}
