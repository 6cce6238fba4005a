using System.Net;
using System.Text.Json;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// The programs for Node.js in <c>Interop/node</c>: clients and servers of gRPC and WebSocket that are not ours. What they need is installed once, by npm, into
/// the build output, exactly as the lock file says.
/// </summary>
internal static class NodeProgram
{
    public const string Node = "node";

    private const string Npm = "npm";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Interop", "node");

    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(3);

    private static readonly Lazy<Task<string?>> Installing = new(Install);

    /// <summary>The script's path, once it can run; the test ends when Node.js or the packages are missing.</summary>
    public static async Task<string> Require(string script)
    {
        _ = Tool.Require(Node);
        if (await Installing.Value is { } failure)
            Tool.IsMissing(failure);
        return Path.Combine(Folder, script);
    }

    /// <summary>Runs a client against a server and returns what it printed, which is JSON.</summary>
    public static async Task<JsonElement> Run(string script, IPEndPoint server, params string[] arguments)
    {
        var path = await Require(script);
        var output = await Tool.Run(Node, [path, $"{server.Port}", .. arguments]);
        using var seen = JsonDocument.Parse(output);
        return seen.RootElement.Clone();
    }

    /// <summary>Null when the packages are there, otherwise why they are not.</summary>
    private static async Task<string?> Install()
    {
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        var stamp = Path.Combine(Folder, "node_modules", ".installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
            return null;
        if (Tool.Find(Npm) is not { } npm)
            return "the programs for Node.js need packages, and npm is not installed (Debian: apt-get install npm)";

        // Nothing of what is installed runs while it is installed.
        string[] quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
        await using var child = ChildProcess.Start(npm, ["ci", .. quiet, "--prefix", Folder]);
        try
        {
            if (await child.Exit(InstallDeadline) != 0)
                return $"npm could not install what the programs for Node.js need: {child.Errors}";
        }
        catch (TimeoutException e)
        {
            return $"npm could not install what the programs for Node.js need: {e.Message}";
        }
        await File.WriteAllTextAsync(stamp, wanted);
        return null;
    }
}
