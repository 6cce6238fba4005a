using System.CommandLine;
using Weft.Api.Documents;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Cli.Control;

/// <summary>What the verbs about documents in a control plane have in common: whom they ask, and how they say what went wrong.</summary>
internal sealed class DocumentVerb(CliContext context)
{
    private readonly ControlTarget _target = new();
    private readonly Option<OutputFormat> _output = OutputOption.Create();

    public delegate Task<int> Run(
        ControlClient client,
        ParseResult result,
        OutputFormat format,
        CancellationToken stop
    );

    public static Argument<string> KindArgument() =>
        new("KIND")
        {
            Description = "The kind, such as Dtab or Service; capitals do not matter",
            CustomParser = r => KindNames.Full(r.Tokens[0].Value),
        };

    public static Argument<string> NameArgument() => new("NAME") { Description = "The document's name" };

    /// <summary>Completes a verb.</summary>
    public Verb Complete(Verb verb, Run run)
    {
        _target.AddTo(verb);
        verb.Add(_output);
        verb.SetAction(
            async (result, stop) =>
            {
                using var client = _target.Open(result, context);
                return await ToldAsync(context, () => run(client, result, result.GetValue(_output), stop));
            }
        );
        return verb;
    }

    /// <summary>Asks a control plane, and says why when it refuses or cannot be reached.</summary>
    public static async Task<int> ToldAsync(CliContext context, Func<Task<int>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ControlException refused)
        {
            return RefusalText.Write(context.Error, refused.Error);
        }
    }

    public static Problem ProblemOf(ProblemInfo problem) =>
        new(problem.File, problem.Line, problem.Column, problem.Message, problem.Remedy);
}
