using System.Text.Json;

namespace Weft.Cli.Output;

/// <summary>What a name resolves to for people: a row for each endpoint.</summary>
internal static class ResolutionText
{
    /// <summary>Writes what <see cref="Naming.ResolutionJson"/> has written.</summary>
    public static void Write(TextWriter output, bool isStyled, JsonElement answer)
    {
        if (answer.GetProperty("names").GetArrayLength() == 0)
        {
            TextLine.Write(output, DelegationText.Outcome(answer.GetProperty("bound")).Text);
            return;
        }

        var table = new TextTable(
            new Column("NAME"),
            new Column("SHARE", IsNumeric: true),
            new Column("ENDPOINT"),
            new Column("WEIGHT", IsNumeric: true),
            new Column("STATE")
        );
        foreach (var name in answer.GetProperty("names").EnumerateArray())
        {
            Add(table, name);
        }

        table.Write(output, isStyled);
    }

    private static void Add(TextTable table, JsonElement name)
    {
        var text = DelegationText.NameOf(name);
        var share = Numbers.Percent(name.GetProperty("share").GetDouble());
        var state = name.GetProperty("state").GetString()!;
        if (name.GetProperty("endpoints").GetArrayLength() == 0)
        {
            var why = name.TryGetProperty("message", out var message) ? $"{state}: {message.GetString()}" : state;
            table.Add(text, share, "-", "-", new Cell(why, Tone.Bad));
        }

        foreach (var endpoint in name.GetProperty("endpoints").EnumerateArray())
        {
            var weight = FormattableString.Invariant($"{endpoint.GetProperty("weight").GetDouble()}");
            table.Add(text, share, endpoint.GetProperty("address").GetString()!, weight, new Cell(state, Tone.Good));
        }
    }
}
