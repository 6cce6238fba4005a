using System.CommandLine;
using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Verbs;

/// <summary><c>weft proxies</c>: who is connected to a control plane, and how far each has followed.</summary>
internal static class ProxiesVerb
{
    public static Command Create(CliContext context)
    {
        var verb = new Verb(
            "proxies",
            "Lists the proxies of a namespace that are connected to a control plane, and what they have refused.",
            "weft proxies",
            "weft proxies --control 127.0.0.1:4190 -o json"
        );
        return new DocumentVerb(context).Complete(
            verb,
            async (client, _, format, stop) =>
            {
                var list = await client.ProxiesAsync(stop);
                if (format is OutputFormat.Text)
                {
                    Write(context, list);
                }
                else
                {
                    MachineOutput.Write(
                        context.Out,
                        format,
                        w => JsonSerializer.Serialize(w, list, ControlJson.Plain.ProxyList)
                    );
                }

                return ExitCodes.Done;
            }
        );
    }

    private static void Write(CliContext context, ProxyList list)
    {
        var now = context.Time.GetUtcNow();
        var table = new TextTable(
            new Column("PROXY"),
            new Column("VERSION"),
            new Column("CONNECTED", IsNumeric: true),
            new Column("HEARD", IsNumeric: true),
            new Column("NAMES", IsNumeric: true),
            new Column("SENT", IsNumeric: true),
            new Column("TAKEN", IsNumeric: true),
            new Column("REFUSED", IsNumeric: true)
        );
        foreach (var proxy in list.Proxies)
        {
            table.Add(
                proxy.Id,
                proxy.Version,
                Numbers.Age(now - proxy.ConnectedAt),
                Numbers.Age(now - proxy.HeardAt),
                $"{proxy.Subscriptions}",
                $"{proxy.Sent}",
                $"{proxy.Acknowledged}",
                new Cell($"{proxy.Refused.Count}", proxy.Refused.Count > 0 ? Tone.Bad : Tone.Plain)
            );
        }

        table.Write(context.Out, context.IsStyled);
        foreach (var proxy in list.Proxies)
        {
            foreach (var refused in proxy.Refused)
            {
                TextLine.Write(context.Out, $"{proxy.Id} refused {refused.Kind} {refused.Name}: {refused.Reason}");
            }
        }
    }
}
