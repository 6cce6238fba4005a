namespace Weft.Proxy;

/// <summary>
/// The plain form <c>weft proxy -c FILE</c>, which most processes of this program are. It is recognized without the parser of
/// command lines and without the other verbs, which cost some MB of memory for as long as the proxy runs, and some 6 ms of its start.
/// </summary>
public static class PlainProxy
{
    /// <summary>Whether this is the plain form; everything else is the parser's.</summary>
    public static bool Is(string[] args, out string file)
    {
        file = args is ["proxy", "-c" or "--config", [not '-', ..] given] ? given : "";
        return file.Length > 0;
    }

    /// <summary>Runs the proxy until it ends or a signal stops it; signals count from the start, before it is ready.</summary>
    /// <returns>As <see cref="ProxyProgram.RunAsync"/> does.</returns>
    public static Task<int> RunAsync(string file, TextWriter errors) =>
        ProxyProgram.RunAsync(file, errors, CancellationToken.None);
}
