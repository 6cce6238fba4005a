using System.CommandLine;
using System.Text.Json;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Sources;

/// <summary>What the verbs that follow one name have in common: where they ask, and how they say what went wrong.</summary>
internal sealed class NameVerb(CliContext context)
{
    private readonly Argument<string> _name = NameArgument.Create();
    private readonly SourceOptions _sources = new();
    private readonly Option<OutputFormat> _output = OutputOption.Create();

    /// <summary>Asks a source about a name.</summary>
    public delegate Task<JsonElement> Ask(INameSource source, Naming.Path path, CancellationToken stop);

    /// <summary>Completes a verb.</summary>
    /// <param name="verb">What it is called.</param>
    /// <param name="ask">Gets the answer.</param>
    /// <param name="write">Shows it to people.</param>
    /// <param name="isDone">Whether the answer is a yes.</param>
    public Verb Complete(Verb verb, Ask ask, Action<JsonElement> write, Func<JsonElement, bool> isDone)
    {
        verb.Add(_name);
        _sources.AddTo(verb);
        verb.Add(_output);
        verb.SetAction(
            async (result, stop) =>
            {
                var path = NameArgument.Parse(result.GetRequiredValue(_name));
                await using var source = _sources.Open(result, context);
                Warnings.Write(context.Error, source.Problems);
                try
                {
                    var answer = await ask(source, path, stop);
                    if (result.GetValue(_output) is OutputFormat.Text)
                    {
                        write(answer);
                    }
                    else
                    {
                        MachineOutput.Write(context.Out, result.GetValue(_output), answer.WriteTo);
                    }

                    return isDone(answer) ? ExitCodes.Done : ExitCodes.No;
                }
                catch (ControlException refused)
                {
                    return RefusalText.Write(context.Error, refused.Error);
                }
            }
        );
        return verb;
    }
}
