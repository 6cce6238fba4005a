using System.Collections.Immutable;
using System.Net;

namespace Weft.Discovery;

/// <summary>The machine's list of name servers (resolv.conf(5)).</summary>
internal static class ResolverFile
{
    private const int MaxServers = 8;

    /// <summary>The servers in order, each at port 53; loopback when there is none, as resolv.conf(5) has it.</summary>
    public static ImmutableArray<IPEndPoint> Servers(string text)
    {
        var servers = new List<IPEndPoint>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (
                words is ["nameserver", var address, ..]
                && servers.Count < MaxServers
                && IPAddress.TryParse(address, out var server)
            )
            {
                servers.Add(new IPEndPoint(server, 53));
            }
        }
        return servers.Count == 0 ? [new IPEndPoint(IPAddress.Loopback, 53)] : [.. servers];
    }

    /// <summary>The servers of a file; loopback when it cannot be read.</summary>
    public static ImmutableArray<IPEndPoint> Read(string path)
    {
        try
        {
            return Servers(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Servers("");
        }
    }
}
