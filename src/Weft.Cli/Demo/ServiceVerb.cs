using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Cli.Invocation;
using Weft.Proxy;

namespace Weft.Cli.Demo;

/// <summary><c>weft demo-service</c>: a process of the demo. Not for people, so it is hidden; it ends when its standard input does.</summary>
internal static class ServiceVerb
{
    private const string Verb = "demo-service";
    private const string ProxyVerb = "proxy";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Create(CliContext context)
    {
        var name = new Argument<string>("name") { Description = "What the instance is called." };
        var listen = new Option<string>("--listen") { Description = "Where it listens.", Required = true };
        var calls = new Option<string[]>("--call") { Description = "A service that every answer needs." };
        var fail = new Option<double>("--fail") { Description = "The share of requests that fail, 0 to 1." };
        var seed = new Option<int>("--seed") { Description = "Which of them fail." };
        var work = new Option<double>("--work") { Description = "Milliseconds that an answer takes." };
        var command = new Command(Verb, "Runs one service of the demo's bookshop.")
        {
            name,
            listen,
            calls,
            fail,
            seed,
            work,
            CreateProxy(context),
        };
        command.Hidden = true;
        command.SetAction(
            async (result, cancel) =>
            {
                ParentWatch.Begin();
                var options = new ShopServiceOptions
                {
                    Name = result.GetRequiredValue(name),
                    Calls = result.GetValue(calls) ?? [],
                    FailRatio = result.GetValue(fail),
                    Seed = result.GetValue(seed),
                    Work = TimeSpan.FromMilliseconds(result.GetValue(work)),
                };
                return await RunAsync(options, result.GetRequiredValue(listen), context, cancel);
            }
        );
        return command;
    }

    /// <summary>The command line that runs the application of a machine.</summary>
    public static IEnumerable<string> ServiceArguments(Machine machine)
    {
        var service = machine.Service;
        return
        [
            Verb,
            service.Name,
            "--listen",
            machine.Application.ToString(),
            "--fail",
            service.FailRatio.ToString(CultureInfo.InvariantCulture),
            "--seed",
            service.Seed.ToString(CultureInfo.InvariantCulture),
            "--work",
            service.Work.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            .. service.Calls.SelectMany(callee => (string[])["--call", callee]),
        ];
    }

    /// <summary>The command line that runs <c>weft proxy -c FILE</c> so that it ends with its parent.</summary>
    public static IEnumerable<string> ProxyArguments(string file) => [Verb, ProxyVerb, file];

    private static Command CreateProxy(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "The proxy's file." };
        var command = new Command(ProxyVerb, "Runs 'weft proxy -c FILE' until its standard input ends.") { file };
        command.SetAction(
            (result, cancel) =>
            {
                ParentWatch.Begin();
                return ProxyProgram.RunAsync(result.GetRequiredValue(file), context.Error, cancel);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ShopServiceOptions options,
        string listen,
        CliContext context,
        CancellationToken cancel
    )
    {
        using var client = new HttpClient { Timeout = s_patience };
        var service = new ShopService(options, client, context.Time);
        try
        {
            using var server = new ShopServer(IPEndPoint.Parse(listen), service.AnswerAsync);
            await server.RunAsync(cancel);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Done;
        }
        catch (SocketException error)
        {
            await context.Error.WriteLineAsync($"{options.Name} cannot listen on {listen}: {error.Message}");
            return ExitCodes.No;
        }
    }
}
