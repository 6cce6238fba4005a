using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Cli.Invocation;
using Weft.Cli.Stats;

namespace Weft.Cli.Tests.Support;

/// <summary>What a run of the program left behind.</summary>
/// <param name="Text">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CliResult(int ExitCode, string Text, string Error)
{
    public JsonNode Json() => JsonNode.Parse(Text, documentOptions: new JsonDocumentOptions { MaxDepth = 4096 })!;
}

/// <summary>Runs verbs through the root command, with everything captured.</summary>
public sealed class Cli
{
    public string Input { get; init; } = "";

    public bool IsTerminal { get; init; }

    public bool IsStyled { get; init; }

    /// <summary>The control plane that is asked when the command line names none; nobody is at this one.</summary>
    public string Control { get; init; } = "127.0.0.1:1";

    /// <summary>The proxy that is looked at when the command line names none; nobody is at this one.</summary>
    public string Proxy { get; init; } = "127.0.0.1:1";

    /// <summary>The clock; that of the machine if not said.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>The pages that proxies answer with, one after the other, by address.</summary>
    public Dictionary<string, Queue<string>> Pages { get; } = [];

    /// <summary>What proxies say at <c>/config</c>, by address.</summary>
    public Dictionary<string, string> Configs { get; } = [];

    public static Task<CliResult> Run(params string[] args) => new Cli().RunAsync(args);

    public async Task<CliResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(Input);
        var context = new CliContext
        {
            In = input,
            Out = output,
            Error = error,
            IsTerminal = IsTerminal,
            IsStyled = IsStyled,
            Control = Control,
            Proxy = Proxy,
            Author = "ada@laptop",
            Time = Time ?? (Pages.Count > 0 ? new SkippingTime() : TimeProvider.System),
            Fetch = Pages.Count > 0 ? Fetch : MetricsPage.FetchAsync,
        };
        var exitCode = await CommandLine.RunAsync(args, context, TestContext.Current.CancellationToken);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    private Task<string> Fetch(Uri page, CancellationToken stop) =>
        page.AbsolutePath == "/config" && Configs.TryGetValue(page.Authority, out var config) ? Task.FromResult(config)
        : page.AbsolutePath == "/metrics" && Pages.TryGetValue(page.Authority, out var pages)
            ? Task.FromResult(pages.Count > 1 ? pages.Dequeue() : pages.Peek())
        : throw new ScrapeException($"{page}: cannot be reached: Connection refused");
}
