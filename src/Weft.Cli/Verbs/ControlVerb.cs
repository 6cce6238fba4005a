using System.CommandLine;
using System.Net;
using Weft.Cli.Invocation;
using Weft.Control;
using Weft.Resources.Scalars;

namespace Weft.Cli.Verbs;

/// <summary><c>weft control</c>: the control plane.</summary>
internal static class ControlVerb
{
    public static Command Create(CliContext context)
    {
        var data = File("--data", "DIR", "The folder that documents are kept in; made if it is not there");
        var listen = new Option<IPEndPoint>("--listen")
        {
            Description =
                $"Where to listen; {ControlOptions.DefaultListen} if not said. Others than loopback need TLS and tokens",
            HelpName = "ADDR",
            DefaultValueFactory = _ => ControlOptions.DefaultListen,
            CustomParser = result =>
            {
                if (AddressText.TryParse(result.Tokens[0].Value, out var address))
                {
                    return address;
                }

                result.AddError(
                    $"--listen cannot be '{result.Tokens[0].Value}'; write an IP address and a port, such as 127.0.0.1:4190"
                );
                return null;
            },
        };
        var store = new Option<string>("--store")
        {
            Description =
                "Where documents are kept: embedded (in --data), or etcd://HOST:PORT,... for several control planes",
            HelpName = "STORE",
            DefaultValueFactory = _ => "embedded",
        };
        var cert = File("--tls-cert", "FILE", "A PEM file: the certificate, and what leads from it to a root");
        var key = File("--tls-key", "FILE", "A PEM file: the certificate's key");
        var tokens = File("--token-file", "FILE", "The tokens that open the API, one a line: TOKEN, or NAME TOKEN");
        var verb = new Verb(
            "control",
            "Runs a control plane.",
            "weft control --data ./control",
            "weft control --data /var/lib/weft --listen 0.0.0.0:4190 --tls-cert cert.pem --tls-key key.pem --token-file tokens"
        )
        {
            data,
            listen,
            store,
            cert,
            key,
            tokens,
        };
        verb.SetAction(
            (result, stop) =>
            {
                var kept = result.GetValue(store);
                var options = new ControlOptions
                {
                    Listen = result.GetRequiredValue(listen),
                    Data = result.GetValue(data),
                    Store = kept == "embedded" ? null : kept,
                    TlsCert = result.GetValue(cert),
                    TlsKey = result.GetValue(key),
                    TokenFile = result.GetValue(tokens),
                };
                return ControlProgram.RunAsync(options, context.Error, stop);
            }
        );
        return verb;
    }

    private static Option<string?> File(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };
}
