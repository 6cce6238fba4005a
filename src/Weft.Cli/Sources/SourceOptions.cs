using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;

namespace Weft.Cli.Sources;

/// <summary>The options that say which dtab and which namers a name is looked up with.</summary>
internal sealed class SourceOptions
{
    public const string DefaultDtabName = "default";

    private readonly Option<string?> _dtab = new("--dtab", "-d")
    {
        Description = "Entries; they come after those of other sources, so they win",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _dtabFile = new("--dtab-file")
    {
        Description = "A file of entries, - for standard input",
        HelpName = "FILE",
    };

    private readonly Option<string?> _resources = new("--resources", "-r")
    {
        Description = "A file or folder of documents: its namers, and the Dtab of --dtab-name",
        HelpName = "DIR",
    };

    private readonly Option<string?> _dtabName = new("--dtab-name")
    {
        Description = $"The Dtab document of --resources or --control; {DefaultDtabName} if not said",
        HelpName = "NAME",
    };

    private readonly ControlTarget _control = new(
        "A control plane: its documents and namers, and the Dtab of --dtab-name"
    );

    public void AddTo(Command verb)
    {
        verb.Add(_dtab);
        verb.Add(_dtabFile);
        verb.Add(_resources);
        verb.Add(_dtabName);
        _control.AddTo(verb);
    }

    /// <summary>The sources that a command line chose.</summary>
    /// <exception cref="InvalidInputException">A source cannot be used; says why.</exception>
    public INameSource Open(ParseResult result, CliContext context)
    {
        var choice = new SourceChoice(
            result.GetValue(_resources),
            result.GetValue(_dtabName),
            result.GetValue(_dtabFile),
            result.GetValue(_dtab)
        );
        if (!_control.IsGiven(result))
        {
            return NamingSource.Open(choice, context);
        }

        return choice.Resources is null
            ? new RemoteNames(_control.Open(result, context), choice.DtabName, NamingSource.Entries(choice, context))
            : throw new InvalidInputException(
                "--resources and --control exclude each other: documents come from one place"
            );
    }
}

/// <summary>What was chosen; null where nothing was.</summary>
internal sealed record SourceChoice(string? Resources, string? DtabName, string? DtabFile, string? DtabText);
