using Weft.Cli.Invocation;
using Weft.Proxy;

namespace Weft.Cli.Verbs;

/// <summary>
/// The plain form <c>weft proxy -c FILE</c>, which most processes of this program are. It is recognized without the parser of
/// command lines, which costs about 1 MB of memory for as long as the proxy runs, and some 6 ms of its start.
/// </summary>
internal static class ProxyRun
{
    /// <summary>Whether this is the plain form; everything else is the parser's.</summary>
    public static bool Is(string[] args, out string file)
    {
        file = args is ["proxy", "-c" or "--config", [not '-', ..] given] ? given : "";
        return file.Length > 0;
    }

    /// <summary>Runs the proxy until it ends or a signal stops it; signals count from the start, before it is ready.</summary>
    public static async Task<int> RunAsync(string file)
    {
        using var signals = new StopSignals();
        return await ProxyProgram.RunAsync(file, Console.Error, signals.Token);
    }
}
