using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Weft.Bench.Relay;

/// <summary><c>relay LISTEN TARGET</c>: two addresses, each <c>host:port</c> with a numeric host.</summary>
/// <param name="Listen">Where the relay accepts connections.</param>
/// <param name="Target">Where each accepted connection is continued.</param>
internal sealed record RelayArguments(IPEndPoint Listen, IPEndPoint Target)
{
    public const string Usage = "usage: relay LISTEN TARGET, for example: relay 127.0.0.1:4140 127.0.0.1:8080";

    public static bool TryParse(
        string[] arguments,
        [NotNullWhen(true)] out RelayArguments? parsed,
        [NotNullWhen(false)] out string? error
    )
    {
        (parsed, error) = (null, null);
        if (arguments is not [var listen, var target])
            error = Usage;
        else if (!IPEndPoint.TryParse(listen, out var from) || from.Port == 0)
            error = $"LISTEN is '{listen}', which is no address with a port; {Usage}";
        else if (!IPEndPoint.TryParse(target, out var to) || to.Port == 0)
            error = $"TARGET is '{target}', which is no address with a port; {Usage}";
        else
            parsed = new RelayArguments(from, to);
        return parsed is not null;
    }
}
