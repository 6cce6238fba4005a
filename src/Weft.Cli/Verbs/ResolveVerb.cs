using System.CommandLine;
using System.Text.Json;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;
using Weft.Naming;

namespace Weft.Cli.Verbs;

/// <summary><c>weft resolve</c>: from a name down to endpoints.</summary>
internal static class ResolveVerb
{
    public static Command Create(CliContext context)
    {
        var name = NameArgument.Create();
        var sources = new SourceOptions();
        var output = OutputOption.Create();
        var verb = new Verb(
            "resolve",
            "Shows the endpoints that a name leads to.",
            "weft resolve /svc/books --resources ./mesh",
            "weft resolve /svc/books --dtab '/svc/books => /$/inet/127.0.0.1/8080' -o json"
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
        var names = ResolvedName.Of(bound, source.Endpoints);
        await source.UntilAsync(
            () =>
            {
                names = ResolvedName.Of(bound, source.Endpoints);
                return names.All(n => n.Endpoints is not EndpointSet.Pending);
            },
            stop
        );
        if (format is OutputFormat.Text)
        {
            WriteText(context, bound, names);
        }
        else
        {
            MachineOutput.Write(context.Out, format, writer => WriteJson(writer, path, bound, names));
        }

        return names.Any(n => !n.Known.IsEmpty) ? ExitCodes.Done : ExitCodes.No;
    }

    private static void WriteText(CliContext context, NameState bound, IReadOnlyList<ResolvedName> names)
    {
        if (names.Count == 0)
        {
            context.Out.WriteLine(DelegationText.Outcome(bound).Text);
            return;
        }

        var table = new TextTable(
            new Column("NAME"),
            new Column("SHARE", IsNumeric: true),
            new Column("ENDPOINT"),
            new Column("WEIGHT", IsNumeric: true),
            new Column("STATE")
        );
        foreach (var name in names)
        {
            var share = Numbers.Percent(name.Share);
            if (name.Known.IsEmpty)
            {
                var state = name.Message is { } message ? $"{name.State}: {message}" : name.State;
                table.Add(name.Name.ToString(), share, "-", "-", new Cell(state, Tone.Bad));
            }

            foreach (var endpoint in name.Known)
            {
                var weight = FormattableString.Invariant($"{endpoint.Weight}");
                var address = endpoint.Address.ToString();
                table.Add(name.Name.ToString(), share, address, weight, new Cell(name.State, Tone.Good));
            }
        }

        table.Write(context.Out, context.IsStyled);
    }

    private static void WriteJson(
        Utf8JsonWriter writer,
        Naming.Path path,
        NameState bound,
        IReadOnlyList<ResolvedName> names
    )
    {
        writer.WriteStartObject();
        writer.WriteString("path", path.ToString());
        writer.WritePropertyName("bound");
        DelegationJson.WriteBound(writer, bound);
        writer.WriteStartArray("names");
        foreach (var name in names)
        {
            writer.WriteStartObject();
            writer.WriteString("id", name.Name.Id.ToString());
            writer.WriteString("residual", name.Name.Residual.ToString());
            writer.WriteNumber("share", name.Share);
            writer.WriteString("state", name.State);
            if (name.Message is not null)
            {
                writer.WriteString("message", name.Message);
            }

            writer.WriteStartArray("endpoints");
            foreach (var endpoint in name.Known)
            {
                writer.WriteStartObject();
                writer.WriteString("address", endpoint.Address.ToString());
                writer.WriteNumber("weight", endpoint.Weight);
                writer.WriteString("state", name.State);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
