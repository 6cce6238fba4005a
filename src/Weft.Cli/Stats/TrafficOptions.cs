using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Resources.Scalars;

namespace Weft.Cli.Stats;

/// <summary>The options that say whose counts are looked at, and of what time.</summary>
/// <param name="proxyWindow">How long proxies are watched if that is not said.</param>
/// <param name="controlWindow">How far back a control plane is asked if that is not said.</param>
internal sealed class TrafficOptions(TimeSpan proxyWindow, TimeSpan controlWindow)
{
    private static readonly TimeSpan MaxWindow = TimeSpan.FromHours(1);

    // What a control plane keeps, and the steps it keeps it in.
    private static readonly TimeSpan MinControlWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxControlWindow = TimeSpan.FromMinutes(10);

    private readonly Option<string[]> _proxies = new("--proxy", "-p")
    {
        Description = $"A proxy's admin address, {ProxyAddress.Default} if not said; may be repeated",
        HelpName = "ADDR",
    };

    private readonly Option<TimeSpan?> _window = new("--window", "-w")
    {
        Description =
            $"How long to watch, {DurationText.Show(proxyWindow)} if not said, 0 for everything since the proxy's start; "
            + $"of a control plane, how far back, {DurationText.Show(controlWindow)} if not said",
        HelpName = "DURATION",
        CustomParser = ParseWindow,
    };

    private readonly Option<bool> _total = new("--total") { Description = "The same as --window 0" };
    private readonly ControlTarget _target = new("The address of the control plane to ask instead of proxies");
    private readonly Option<OutputFormat> _output = OutputOption.Create();

    /// <summary>Shows what a feed says.</summary>
    /// <returns>What the program ends with.</returns>
    public delegate Task<int> Run(ITrafficFeed feed, ParseResult result, OutputFormat format, CancellationToken stop);

    public void AddTo(Command verb)
    {
        verb.Add(_proxies);
        _target.AddTo(verb);
        verb.Add(_window);
        verb.Add(_total);
        verb.Add(_output);
    }

    public OutputFormat FormatOf(ParseResult result) => result.GetValue(_output);

    /// <summary>The control plane that a command line names, and how far back it is asked; null when it names none.</summary>
    /// <exception cref="InvalidInputException">It names proxies as well, or a window that a control plane has not.</exception>
    public ControlFeed? OpenControl(ParseResult result, CliContext context)
    {
        if (!_target.IsGiven(result))
        {
            return null;
        }

        if (result.GetValue(_proxies) is { Length: > 0 })
        {
            throw new InvalidInputException(
                "--proxy and --control exclude each other: ask proxies, or their control plane"
            );
        }

        var window = result.GetValue(_total) ? TimeSpan.Zero : result.GetValue(_window) ?? controlWindow;
        return window >= MinControlWindow && window <= MaxControlWindow
            ? new ControlFeed(_target.Open(result, context), window)
            : throw new InvalidInputException(
                "a control plane keeps ten minutes, in steps of ten seconds: write a --window from 10s to 10m"
            );
    }

    /// <summary>The proxies that a command line names, or the one of this machine, and how long they are watched.</summary>
    /// <exception cref="InvalidInputException">An address makes no sense.</exception>
    public ((string Address, Uri Page)[] Proxies, TimeSpan Window) ProxiesOf(ParseResult result)
    {
        var window = result.GetValue(_total) ? TimeSpan.Zero : result.GetValue(_window) ?? proxyWindow;
        var addresses = result.GetValue(_proxies) is { Length: > 0 } given ? given : [ProxyAddress.Default];
        return (ProxyAddress.PagesOf(addresses), window);
    }

    /// <summary>Completes a verb that looks at whichever of the two a command line names.</summary>
    public Verb Complete(Verb verb, CliContext context, Run run)
    {
        AddTo(verb);
        verb.SetAction(
            (result, stop) =>
                DocumentVerb.ToldAsync(
                    context,
                    async () =>
                    {
                        using var feed = Open(result, context);
                        return await run(feed, result, FormatOf(result), stop);
                    }
                )
        );
        return verb;
    }

    private ITrafficFeed Open(ParseResult result, CliContext context)
    {
        if (OpenControl(result, context) is { } control)
        {
            return control;
        }

        var (proxies, window) = ProxiesOf(result);
        return new ProxyFeed(proxies, window, context.Fetch, context.Time);
    }

    private static TimeSpan? ParseWindow(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (DurationText.TryParse(text, out var window) && window <= MaxWindow)
        {
            return window;
        }

        result.AddError($"--window cannot be '{text}'; write a duration up to 1h, such as 500ms, 10s or 1m, or 0");
        return null;
    }
}
