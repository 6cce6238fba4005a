using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Checks;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Resources.Scalars;
using Weft.Telemetry;

namespace Weft.Cli.Verbs;

/// <summary><c>weft check</c>: what is wrong with proxies, a control plane or a proxy's file, and what to do about it.</summary>
internal sealed class CheckVerb
{
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);

    private readonly CliContext _context;
    private readonly Option<string[]> _proxies;
    private readonly Option<string[]> _files;
    private readonly ControlTarget _control = new(unsaid: "all");
    private readonly Option<TimeSpan?> _timeout;
    private readonly Option<bool> _strict;
    private readonly Option<OutputFormat> _output = OutputOption.Create();

    private CheckVerb(CliContext context)
    {
        _context = context;
        _proxies = new Option<string[]>("--proxy", "-p")
        {
            Description = "A proxy's admin address; may be repeated",
            HelpName = "ADDR",
        };
        _files = new Option<string[]>("--config", "-c")
        {
            Description = "The file of a proxy that does not run yet; may be repeated",
            HelpName = "FILE",
        };
        _timeout = new Option<TimeSpan?>("--timeout")
        {
            Description = "How long to wait for an answer, 5s if not said",
            HelpName = "DURATION",
            CustomParser = ParseTimeout,
        };
        _strict = new Option<bool>("--strict") { Description = "Warnings count as errors" };
    }

    public static Command Create(CliContext context) => new CheckVerb(context).Create();

    private Verb Create()
    {
        var verb = new Verb(
            "check",
            "Says what is wrong with proxies, a control plane or the whole mesh, and what to do about it.",
            "weft check",
            "weft check --control 127.0.0.1:4190 --proxy 10.0.0.1:4191 --strict",
            "weft check -c proxy.yaml -o json"
        )
        {
            _proxies,
            _files,
        };
        _control.AddTo(verb);
        verb.Add(_timeout);
        verb.Add(_strict);
        verb.Add(_output);
        verb.SetAction(RunAsync);
        return verb;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var facts = await AskAsync(result, stop);
        var report = new CheckReport(Doctor.Examine(facts), result.GetValue(_strict));
        if (result.GetValue(_output) is not OutputFormat.Text and var format)
        {
            MachineOutput.Write(_context.Out, format, w => CheckJson.Write(w, report));
        }
        else
        {
            CheckText.Write(_context, report);
        }

        return report.IsOk ? ExitCodes.Done : ExitCodes.No;
    }

    /// <summary>Asks everybody at once, so that who is slow holds nobody up.</summary>
    private async Task<MeshFacts> AskAsync(ParseResult result, CancellationToken stop)
    {
        var (named, files) = (result.GetValue(_proxies) ?? [], result.GetValue(_files) ?? []);
        var isNamed = named.Length > 0 || files.Length > 0 || _control.IsMentioned(result);
        string[] addresses = isNamed ? [.. named.Distinct(StringComparer.Ordinal)] : [_context.Proxy];
        var options = new InquiryOptions(result.GetValue(_timeout) ?? InquiryOptions.DefaultTimeout);
        var time = _context.Time;

        // What cannot be used is said before anybody is asked.
        var admins = addresses.Select(a => (Address: a, Admin: AdminOf(a))).ToArray();
        ControlAddress[] controls = _control.IsMentioned(result) || !isNamed ? [_control.Read(result, _context)] : [];

        var asked = (
            Proxies: Task.WhenAll(
                admins.Select(a => ProxyInquiry.AskAsync(a.Address, a.Admin, isNamed, options, time, stop))
            ),
            Controls: Task.WhenAll(controls.Select(c => ControlInquiry.AskAsync(c, isNamed, options, time, stop))),
            Files: Task.WhenAll(
                files.Distinct(StringComparer.Ordinal).Select(f => FileInquiry.AskAsync(_context, f, options, stop))
            )
        );
        return new MeshFacts
        {
            Proxies = await asked.Proxies,
            Controls = await asked.Controls,
            Files = await asked.Files,
            Version = ProgramVersion.Text,
            Now = time.GetUtcNow(),
        };
    }

    private static Uri AdminOf(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http", Host.Length: > 0, PathAndQuery: "/" }
            ? uri
            : throw new InvalidInputException(
                $"--proxy cannot be '{address}'; write host:port, such as 127.0.0.1:4191"
            );
    }

    private static TimeSpan? ParseTimeout(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out var timeout) && timeout > TimeSpan.Zero && timeout <= MaxTimeout)
        {
            return timeout;
        }

        result.AddError($"--timeout cannot be '{text}'; write a duration up to 5m, such as 500ms or 10s");
        return null;
    }
}
