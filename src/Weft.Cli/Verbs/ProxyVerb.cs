using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Proxy;

namespace Weft.Cli.Verbs;

/// <summary><c>weft proxy</c>: the data plane.</summary>
internal static class ProxyVerb
{
    public static Command Create(CliContext context)
    {
        var file = new Option<string>("--config", "-c")
        {
            Description = "The proxy's file",
            HelpName = "FILE",
            Required = true,
        };
        var check = new Option<bool>("--check") { Description = "Validates the file and its documents, and exits" };
        var verb = new Verb("proxy", "Runs a proxy.", "weft proxy -c proxy.yaml", "weft proxy -c proxy.yaml --check")
        {
            file,
            check,
        };
        verb.SetAction(
            (result, stop) =>
            {
                var path = result.GetRequiredValue(file);
                return result.GetValue(check)
                    ? Task.FromResult(ProxyProgram.Check(path, context.Out, context.Error))
                    : ProxyProgram.RunAsync(path, context.Error, stop);
            }
        );
        return verb;
    }
}
