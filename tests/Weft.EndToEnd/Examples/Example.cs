using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

/// <summary>A copy of a folder below examples/, the same in all but its ports: those that it names may be anybody's here.</summary>
internal sealed partial class Example : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<int, IPEndPoint> _addresses = [];

    public Example(string name)
    {
        var origin = FolderOf(name);
        foreach (var file in Directory.EnumerateFiles(origin, "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var mine = LoopbackAddress()
                .Replace(text, m => $"127.0.0.1{m.Groups["between"].Value}{Address(PortOf(m)).Port}");
            _folder.Write(Path.GetRelativePath(origin, file), mine);
        }
    }

    /// <summary>Where the copy lies.</summary>
    public string Folder => _folder.Path;

    /// <summary>What stands for a port of the example.</summary>
    public IPEndPoint Address(int port)
    {
        if (!_addresses.TryGetValue(port, out var address))
            _addresses.Add(port, address = FreePort.NextOnLoopback());
        return address;
    }

    /// <summary>Starts one of its proxies.</summary>
    public Task<WeftProcess> Start(string file = "proxy.yaml", int outbound = 4140, int admin = 4191) =>
        WeftProcess.Start(_folder.In(file), Address(outbound), Address(admin));

    /// <summary>Replaces a text in one of its files, as its README says.</summary>
    public void Edit(string file, string before, string after)
    {
        var text = File.ReadAllText(_folder.In(file));
        Assert.Contains(before, text, StringComparison.Ordinal);
        _folder.Write(file, text.Replace(before, after, StringComparison.Ordinal));
    }

    public string PathOf(string file) => _folder.In(file);

    public string Read(string file) => File.ReadAllText(_folder.In(file));

    public void Write(string file, string text) => _folder.Write(file, text);

    public void Remove(string file) => File.Delete(_folder.In(file));

    public void Dispose() => _folder.Dispose();

    private static int PortOf(Match match) => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);

    private static string FolderOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Weft.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository is not above these tests");
        return Path.Combine(folder.FullName, "examples", name);
    }

    [GeneratedRegex(
        @"127\.0\.0\.1(?<between>[: /]| -port=)(?<port>\d+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex LoopbackAddress();
}
