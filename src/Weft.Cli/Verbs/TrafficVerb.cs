using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Stats;

namespace Weft.Cli.Verbs;

/// <summary>What the verbs about calls have in common: one table of what proxies saw, or a control plane heard of them.</summary>
internal sealed class TrafficVerb(CliContext context, TrafficShape shape)
{
    /// <summary>Of a proxy, and of a control plane, if that is not said.</summary>
    public static TrafficOptions Options() => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    /// <summary>Completes a verb that looks once.</summary>
    public Verb Complete(Verb verb) =>
        Options()
            .Complete(
                verb,
                context,
                async (feed, _, format, stop) =>
                {
                    var sight = await feed.ReadAsync(shape, stop);
                    return Write(format, feed, sight, [.. TrafficText.ByName(sight.Rows)]);
                }
            );

    /// <summary>Prints what was seen, and on the other stream what was not.</summary>
    /// <returns>What the program ends with.</returns>
    public int Write(OutputFormat format, ITrafficFeed feed, TrafficSight sight, IReadOnlyList<CallRow> rows)
    {
        if (format is not OutputFormat.Text)
        {
            MachineOutput.Write(context.Out, format, writer => TrafficJson.Write(writer, shape, sight, rows));
        }
        else if (rows.Count > 0)
        {
            TrafficText.TableOf(shape, rows).Write(context.Out, context.IsStyled);
        }
        else if (sight.Sources.Count == 0 || sight.Sources.Any(s => s.Caller is not null))
        {
            context.Out.WriteLine(TrafficText.Nothing(sight));
        }

        return Notes(context, feed.IsStrict, sight.Sources);
    }

    /// <summary>Says what there is to know of the sources.</summary>
    /// <returns>What the program ends with.</returns>
    public static int Notes(CliContext context, bool isStrict, IEnumerable<TrafficSource> sources)
    {
        var notes = sources.Select(s => s.Note).OfType<string>().ToArray();
        foreach (var note in notes)
        {
            TextLine.Write(context.Error, note);
        }

        return isStrict && notes.Length > 0 ? ExitCodes.No : ExitCodes.Done;
    }
}
