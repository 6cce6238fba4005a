using System.Net;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

/// <summary>Where one proxy runs, and for what.</summary>
/// <param name="Folder">Its own, empty, for configuration and state.</param>
/// <param name="Listen">Where it accepts requests.</param>
/// <param name="Admin">Where it may answer questions about itself.</param>
/// <param name="Upstream">The one server behind it.</param>
/// <param name="MaxConnections">It must be able to hold that many.</param>
internal sealed record Placement(
    string Folder,
    IPEndPoint Listen,
    IPEndPoint Admin,
    IPEndPoint Upstream,
    int MaxConnections
)
{
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}

/// <summary>A proxy program: how it is found, and how it is configured for one worker, keep-alive on both sides, no access log.</summary>
internal abstract class ProxyKind(Protocol protocol)
{
    public abstract string Name { get; }

    /// <summary>Null when it can be measured, else why not.</summary>
    public abstract string? Missing { get; }

    /// <summary>How to ask for the version.</summary>
    public abstract Command VersionCommand { get; }

    /// <summary>How this proxy was set up, for the table's footnotes.</summary>
    public abstract string Settings { get; }

    protected Protocol Protocol => protocol;

    /// <summary>Whether it serves by now; by default whether something comes back through it.</summary>
    public virtual bool IsReady(Placement placement) =>
        Protocol switch
        {
            Protocol.Http2 => Http2Preface.IsAnswered(placement.Listen),
            Protocol.Tcp => ByteExchange.Succeeds(placement.Listen),
            _ => SmallRequest.Succeeds(placement.Listen, "/"),
        };

    /// <summary>Writes its configuration and returns how to start it in the foreground.</summary>
    public abstract Command Configure(Placement placement);

    protected static string? MissingProgram(string name) =>
        Command.Find(name) is null ? $"{name} is not installed" : null;
}
