namespace Weft.EndToEnd.Harness;

/// <summary>Programs that are not ours: curl, wrk, hey, nginx, and what services are registered with.</summary>
internal static class Tool
{
    private static bool IsRequired =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The program's path. When it is missing, the test is skipped with the reason; in continuous integration, where everything was
    /// installed, it fails.
    /// </summary>
    public static string Require(string name)
    {
        if (Find(name) is { } path)
            return path;
        var reason = $"{name} is not installed (Debian: apt-get install {PackageOf(name)})";
        if (IsRequired)
            Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }

    /// <summary>Runs it to its end and returns what it printed; an exit code other than 0 fails the test.</summary>
    public static async Task<string> Run(string name, params IEnumerable<string> arguments)
    {
        var (code, output, errors) = await ChildProcess.Run(Require(name), arguments);
        Assert.True(code == 0, $"{name} ended with {code}: {errors}");
        return output;
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Append("/usr/local/sbin")
            .Append("/usr/share/zookeeper/bin")
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string PackageOf(string name) =>
        name switch
        {
            "h2load" or "nghttpd" => "nghttp2",
            "dnsmasq" => "dnsmasq-base",
            "etcd" => "etcd-server",
            "zkServer.sh" => "zookeeper",
            "consul" => "see .ci/install-consul",
            _ => name,
        };
}
