using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;

namespace Weft.Cli.Verbs;

/// <summary><c>weft delegate</c>: every step from a name to what it is bound to.</summary>
internal static class DelegateVerb
{
    public static Command Create(CliContext context) =>
        new NameVerb(context).Complete(
            new Verb(
                "delegate",
                "Shows every step from a name to what it is bound to.",
                "weft delegate /svc/books --dtab '/svc => /host ; /host => /$/inet/127.0.0.1/8080'",
                "weft delegate /svc/books --resources ./mesh -o json",
                "weft delegate /svc/books --control 127.0.0.1:4190"
            ),
            (source, path, stop) => source.DelegateAsync(path, stop),
            answer => DelegationText.Write(context.Out, context.IsStyled, answer),
            answer => answer.GetProperty("bound").GetProperty("type").GetString() is "leaf" or "union"
        );
}
