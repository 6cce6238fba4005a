using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;
using Weft.Naming;

namespace Weft.Cli.Verbs;

/// <summary><c>weft delegate</c>: every step from a name to what it is bound to.</summary>
internal static class DelegateVerb
{
    public static Command Create(CliContext context)
    {
        var name = NameArgument.Create();
        var sources = new SourceOptions();
        var output = OutputOption.Create();
        var verb = new Verb(
            "delegate",
            "Shows every step from a name to what it is bound to.",
            "weft delegate /svc/books --dtab '/svc => /host ; /host => /$/inet/127.0.0.1/8080'",
            "weft delegate /svc/books --resources ./mesh -o json"
        )
        {
            name,
        };
        sources.AddTo(verb);
        verb.Add(output);
        verb.SetAction(
            async (result, stop) =>
            {
                var path = NameArgument.Parse(result.GetRequiredValue(name));
                await using var source = sources.Open(result, context);
                return await RunAsync(context, result.GetValue(output), path, source, stop);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context,
        OutputFormat format,
        Naming.Path path,
        NamingSource source,
        CancellationToken stop
    )
    {
        Warnings.Write(context.Error, source.Problems);
        var bound = await source.BindAsync(path, stop);
        var tree = Delegator.Delegate(source.Dtab, path, source.Namer);
        if (format is OutputFormat.Text)
        {
            DelegationText.Write(context.Out, context.IsStyled, tree, bound);
        }
        else
        {
            MachineOutput.Write(context.Out, format, writer => DelegationJson.Write(writer, path, tree, bound));
        }

        var isBound =
            bound is NameState.Ok ok && ok.Tree.Simplify() is NameTree<BoundName>.Leaf or NameTree<BoundName>.Union;
        return isBound ? ExitCodes.Done : ExitCodes.No;
    }
}
