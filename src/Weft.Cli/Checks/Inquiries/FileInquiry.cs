using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Weft.Api.Client;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Sources;
using Weft.Naming;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Cli.Checks;

/// <summary>Looks at a proxy's file and at what a proxy would find if it were started with it now.</summary>
internal static class FileInquiry
{
    public static async Task<FileFacts> AskAsync(
        CliContext context,
        string file,
        InquiryOptions options,
        CancellationToken stop
    )
    {
        var facts = new FileFacts(file) { MaxFiles = OpenFileLimit.Read(), Cores = Environment.ProcessorCount };
        ProxyConfig? config;
        try
        {
            var validation = Validation.Run(context, [], file);
            config = validation.Proxy;
            // With a control plane, what documents there are is not known here.
            facts = config?.Control is null
                ? facts with
                {
                    Errors = validation.Errors,
                    Warnings = validation.Warnings,
                }
                : facts;
        }
        catch (InvalidInputException unreadable)
        {
            return facts with
            {
                Errors =
                [
                    new Problem(file, 0, 0, WithoutPlace(unreadable.Message, file), "give the path of a proxy's file"),
                ],
            };
        }

        return config is null
            ? facts
            : facts with
            {
                Config = config,
                Addresses = [.. AddressesOf(config)],
                Paths = [.. PathInquiry.Look(config)],
                Control = await ControlOf(config, options, context.Time, stop),
            };
    }

    /// <summary>Messages about a file begin with its name.</summary>
    private static string WithoutPlace(string message, string file) =>
        message.StartsWith($"{file}: ", StringComparison.Ordinal) ? message[(file.Length + 2)..] : message;

    private static async Task<ControlFacts?> ControlOf(
        ProxyConfig config,
        InquiryOptions options,
        TimeProvider time,
        CancellationToken stop
    )
    {
        if (config.Control is not { } control)
        {
            return null;
        }

        var address = new ControlAddress(
            control.Address,
            control.Namespace,
            control.TokenFile is { } token ? TokenFile.TryRead(token) : null,
            control.CaFile is { } roots ? TrustIn(roots) : null
        );
        return await ControlInquiry.AskAsync(address, isExpected: true, options, time, stop);
    }

    /// <summary>Null when the file cannot be used, which is told with the paths.</summary>
    private static SslClientAuthenticationOptions? TrustIn(string file)
    {
        try
        {
            return ServerTrust.Only(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<AddressFacts> AddressesOf(ProxyConfig config) =>
        config
            .Listeners.Select(l => (l.Name, l.Address))
            .Prepend(("admin", config.Admin))
            .Select(a => new AddressFacts(a.Item1, a.Item2, TroubleOf(a.Item2)));

    /// <summary>Takes the address as a proxy would, and gives it back at once; nobody can connect meanwhile.</summary>
    private static AddressTrouble? TroubleOf(IPEndPoint address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => AddressTrouble.InUse,
                SocketError.AddressNotAvailable => AddressTrouble.NotOurs,
                SocketError.AccessDenied => AddressTrouble.NotAllowed,
                _ => AddressTrouble.Other,
            };
        }
    }
}
