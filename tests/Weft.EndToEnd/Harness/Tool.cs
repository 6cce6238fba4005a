using System.Diagnostics.CodeAnalysis;

namespace Weft.EndToEnd.Harness;

/// <summary>Programs that are not ours: curl, wrk, hey, nginx, redis, and what services are registered with.</summary>
internal static class Tool
{
    private static bool IsRequired =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The program's path; the test ends when it <see cref="IsMissing"/>.</summary>
    public static string Require(string name)
    {
        var path = Find(name);
        if (path is null)
            IsMissing($"{name} is not installed (Debian: apt-get install {PackageOf(name)})");
        return path;
    }

    /// <summary>
    /// Something that the test needs is not there: it is skipped with the reason; in continuous integration, where everything was installed, it
    /// fails.
    /// </summary>
    [DoesNotReturn]
    public static void IsMissing(string reason)
    {
        if (IsRequired)
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>The program's path; null when it is missing.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Append("/usr/local/sbin")
            .Append("/usr/share/zookeeper/bin")
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end and returns what it printed; an exit code other than 0 fails the test.</summary>
    public static async Task<string> Run(string name, params IEnumerable<string> arguments)
    {
        var (code, output, errors) = await ChildProcess.Run(Require(name), arguments);
        Assert.True(code == 0, $"{name} ended with {code}: {errors}");
        return output;
    }

    private static string PackageOf(string name) =>
        name switch
        {
            "nghttp" or "h2load" => "nghttp2-client",
            "nghttpd" => "nghttp2-server",
            "node" => "nodejs",
            "redis-cli" => "redis-tools",
            "dnsmasq" => "dnsmasq-base",
            "etcd" => "etcd-server",
            "zkServer.sh" => "zookeeper",
            "ip" => "iproute2",
            "consul" => "see .ci/install-consul",
            _ => name,
        };
}
