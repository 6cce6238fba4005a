using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

public class OldEnterpriseTests
{
    /// <summary>Every registration begins with the start of a Java machine, on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task services_in_zookeeper_and_in_files_call_each_other_and_what_leaves_zookeeper_is_served_by_the_file()
    {
        Tool.Require("zkCli.sh");
        using var example = new Example("old-enterprise");
        await using var zookeeper = new ZooKeeperServer(address: example.Address(2181));
        await zookeeper.Start();
        await using var shop = await RelayingApplication.Start(example.Address(8081), "orders", example.Address(4140));
        await using var orders = await RelayingApplication.Start(
            example.Address(8082),
            "ledger",
            example.Address(4240)
        );
        await using var ledger = await EchoUpstream.Start("ledger", example.Address(8083));
        await using var standBy = await EchoUpstream.Start("stand-by", example.Address(8084));
        await using var shopRegistered = Register(example, "shop", 8081);
        await using var ledgerRegistered = Register(example, "ledger", 8083);
        await using var besideShop = await example.Start("shop.yaml", outbound: 4140, admin: 4191);
        await using var besideOrders = await example.Start("orders.yaml", outbound: 4240, admin: 4291);
        await Answers(besideShop, "shop", "ledger");

        var throughAll = Load.Start(besideShop.Outbound, "shop", connections: 2);
        var direct = Load.Start(besideOrders.Outbound, "ledger", connections: 2);
        await GoTo("ledger", throughAll, direct);
        ledgerRegistered.Terminate();
        await ledgerRegistered.Exit(Patience);
        await GoTo("stand-by", throughAll, direct);
        await using var again = Register(example, "ledger", 8083);
        await Eventually.Is(() => direct.Outcomes[^1].ServedBy == "ledger", "the ledger came back", Patience);
        await GoTo("ledger", throughAll, direct);
        await throughAll.StopWithoutFailure();
        await direct.StopWithoutFailure();
    }

    private static ChildProcess Register(Example example, string service, int port) =>
        ChildProcess.Start("sh", example.PathOf("register"), service, $"{example.Address(port).Port}");

    private static Task Answers(WeftProcess proxy, string host, string name) =>
        Eventually.Is(async () => (await proxy.Get(host)).ServedBy == name, $"{host} is answered by {name}", Patience);

    private static Task GoTo(string name, params Load[] loads) => Task.WhenAll(loads.Select(l => l.GoesTo(name)));
}
