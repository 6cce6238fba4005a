using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;

namespace Weft.Cli.Verbs;

/// <summary><c>weft resolve</c>: from a name down to endpoints.</summary>
internal static class ResolveVerb
{
    public static Command Create(CliContext context) =>
        new NameVerb(context).Complete(
            new Verb(
                "resolve",
                "Shows the endpoints that a name leads to.",
                "weft resolve /svc/books --resources ./mesh",
                "weft resolve /svc/books --dtab '/svc/books => /$/inet/127.0.0.1/8080' -o json",
                "weft resolve /svc/books --control 127.0.0.1:4190"
            ),
            (source, path, stop) => source.ResolveAsync(path, stop),
            answer => ResolutionText.Write(context.Out, context.IsStyled, answer),
            answer =>
                answer.GetProperty("names").EnumerateArray().Any(n => n.GetProperty("endpoints").GetArrayLength() > 0)
        );
}
