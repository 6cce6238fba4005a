using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Stats;

namespace Weft.Cli.Verbs;

/// <summary><c>weft routes</c>: how the routes of services do.</summary>
internal static class RoutesVerb
{
    public static Command Create(CliContext context) =>
        new TrafficVerb(context, TrafficShape.Routes).Complete(
            new Verb(
                "routes",
                "Shows how calls of each service went by route, as callers saw it.",
                "weft routes --control 127.0.0.1:4190 --window 5m",
                "weft routes --proxy 127.0.0.1:4191 --total -o json"
            )
        );
}
