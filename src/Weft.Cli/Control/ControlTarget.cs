using System.CommandLine;
using System.Net.Security;
using Weft.Api.Client;
using Weft.Cli.Invocation;

namespace Weft.Cli.Control;

/// <summary>The options that say which control plane is asked, and for which namespace.</summary>
internal sealed class ControlTarget(
    string description = "The control plane's address; 127.0.0.1:4190, or WEFT_CONTROL of the environment, if not said"
)
{
    private readonly Option<string?> _control = new("--control") { Description = description, HelpName = "ADDR" };

    private readonly Option<string> _namespace = new("--namespace", "-n")
    {
        Description = "The namespace; default if not said",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "A file whose first line is the token that the control plane asks for",
        HelpName = "FILE",
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description =
            "A PEM file of the roots that vouch for the control plane's certificate; those of the system if not said",
        HelpName = "FILE",
    };

    public void AddTo(Command verb)
    {
        verb.Add(_control);
        verb.Add(_namespace);
        verb.Add(_tokenFile);
        verb.Add(_caFile);
    }

    /// <summary>Whether a command line names a control plane.</summary>
    /// <exception cref="InvalidInputException">It does not, and says how to ask one.</exception>
    public bool IsGiven(ParseResult result)
    {
        if (result.GetValue(_control) is not null)
        {
            return true;
        }

        Option[] others = [_namespace, _tokenFile, _caFile];
        return Array.Find(others, o => result.GetResult(o) is { Implicit: false }) is { } option
            ? throw new InvalidInputException($"{option.Name}: there is no control plane to ask; give --control too")
            : false;
    }

    /// <summary>The control plane that a command line chose.</summary>
    /// <exception cref="InvalidInputException">The address or the token cannot be used.</exception>
    public ControlClient Open(ParseResult result, CliContext context)
    {
        var trust = result.GetValue(_caFile) is { } roots ? ReadTrust(roots) : null;
        var token = result.GetValue(_tokenFile) is { } file ? ReadToken(file) : null;
        return new ControlClient(
            AddressOf(result.GetValue(_control) ?? context.Control),
            result.GetValue(_namespace)!,
            token,
            trust,
            context.Author
        );
    }

    private static Uri AddressOf(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Host.Length: > 0, PathAndQuery: "/" }
            ? uri
            : throw new InvalidInputException(
                $"--control cannot be '{address}'; write host:port or https://host:port, such as 127.0.0.1:4190"
            );
    }

    private static SslClientAuthenticationOptions ReadTrust(string file)
    {
        try
        {
            return ServerTrust.Only(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(error.Message.TrimEnd('.'));
        }
    }

    private static string ReadToken(string file)
    {
        try
        {
            // As the control plane's own file has it: the token is the last word.
            return File.ReadLines(file)
                    .FirstOrDefault()
                    ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .LastOrDefault()
                ?? throw new InvalidInputException($"{file}: the file is empty, and a token was expected");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{file}: the token cannot be read: {error.Message.TrimEnd('.')}");
        }
    }
}
