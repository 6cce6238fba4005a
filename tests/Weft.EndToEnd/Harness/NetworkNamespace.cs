using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A network namespace of a test's own, joined to this machine by one cable. What runs in it has an address that this machine reaches, until
/// the cable is <see cref="Cut"/>: from then on packets vanish both ways, and nobody is told anything. Needs root; the test
/// is skipped where there can be none.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Prefix = "weft-";

    /// <summary>Of the inner end. It is known beforehand, so that nobody ever has to ask for it: asking would be answered "unreachable".</summary>
    private const string Hardware = "02:57:45:46:54:02";

    /// <summary>198.18.0.0/15, which no network uses (RFC 2544), in parts of four addresses.</summary>
    private const uint Networks = (198u << 24) | (18u << 16);
    private const int NetworkCount = 1 << 15;

    private static readonly Lazy<Task> Cleared = new(RemoveLeftovers);
    private static int s_count;

    private readonly string _name;
    private readonly string _outer;
    private readonly string _inner;

    private NetworkNamespace(int number)
    {
        _name = $"{Prefix}{Environment.ProcessId}-{number}";
        (_outer, _inner) = ($"wf{Environment.ProcessId}.{number}", $"wf{number}");
        var network = FreeNetwork((Environment.ProcessId * 37) + number);
        (Outside, Address) = (AddressOf(network + 1), AddressOf(network + 2));
    }

    /// <summary>The address of what runs in it.</summary>
    public IPAddress Address { get; }

    /// <summary>This machine's address, for those who run in it.</summary>
    public IPAddress Outside { get; }

    public static async Task<NetworkNamespace> Create()
    {
        if (!OperatingSystem.IsLinux())
            Tool.IsMissing("only Linux has network namespaces");
        await Cleared.Value;
        var made = new NetworkNamespace(Interlocked.Increment(ref s_count));
        var (code, _, errors) = await ChildProcess.Run(Tool.Require("ip"), "netns", "add", made._name);
        if (code != 0)
            Tool.IsMissing($"no network namespace can be made here, which takes root and CAP_NET_ADMIN: {errors}");
        try
        {
            await made.Join();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program in it.</summary>
    public ChildProcess Start(string program, params IEnumerable<string> arguments) =>
        // It becomes the program: signals meet whom they are meant for.
        ChildProcess.Start(Tool.Require("ip"), ["netns", "exec", _name, program, .. arguments]);

    /// <summary>Has every packet vanish.</summary>
    public Task Cut() => Ip($"-n {_name} link set {_inner} down");

    /// <summary>Joins the cable again.</summary>
    public Task Mend() => Ip($"-n {_name} link set {_inner} up");

    /// <summary>To be called after everything in it has ended.</summary>
    public async ValueTask DisposeAsync() => await Remove(_name);

    private async Task Join()
    {
        await Ip($"link add {_outer} type veth peer name {_inner} netns {_name}");
        await Ip($"-n {_name} link set {_inner} address {Hardware}");
        await Ip($"-n {_name} address add {Address}/30 dev {_inner}");
        await Ip($"-n {_name} link set lo up");
        await Ip($"-n {_name} link set {_inner} up");
        await Ip($"address add {Outside}/30 dev {_outer}");
        await Ip($"link set {_outer} up");
        await Ip($"neighbour replace {Address} lladdr {Hardware} nud permanent dev {_outer}");
    }

    private static Task<string> Ip(string arguments) => Tool.Run("ip", arguments.Split(' '));

    /// <summary>What is in it is ended first: its end of the cable, and so the other end, would live on with it.</summary>
    private static async Task Remove(string name)
    {
        var inside = await Ip($"netns pids {name}");
        foreach (var id in inside.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            ChildProcess.KillLeftover(int.Parse(id, CultureInfo.InvariantCulture));
        await Ip($"netns delete {name}");
    }

    /// <summary>Those of test runs that were killed.</summary>
    private static async Task RemoveLeftovers()
    {
        var listed = await Ip("netns list");
        foreach (var name in listed.Split('\n').Select(line => line.Split(' ')[0]))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && TestRun.HasEnded(name[Prefix.Length..]))
                await Remove(name);
        }
    }

    private static uint FreeNetwork(int first)
    {
        var taken = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .ToHashSet();
        return Enumerable
            .Range(0, NetworkCount)
            .Select(i => Networks + ((uint)((first + i) % NetworkCount) * 4))
            .First(network => !taken.Contains(AddressOf(network + 1)));
    }

    private static IPAddress AddressOf(uint number) => IPAddress.Parse(number.ToString(CultureInfo.InvariantCulture));
}
