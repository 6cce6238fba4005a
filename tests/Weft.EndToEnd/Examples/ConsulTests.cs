using System.Diagnostics;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

public class ConsulTests
{
    private static long Now => Stopwatch.GetTimestamp();

    [Fact]
    public async Task an_applied_dtab_moves_live_traffic_within_a_second_at_both_proxies_and_loses_no_request()
    {
        Tool.Require("consul");
        Tool.Require("curl");
        using var example = new Example("consul");
        await using var one = await EchoUpstream.Start("books-v1", example.Address(8081));
        await using var two = await EchoUpstream.Start("books-v2", example.Address(8082));
        await using var page = new Walkthrough(
            example,
            "consul",
            [$"CONSUL_HTTP_ADDR={example.Address(8500)}", $"WEFT_CONTROL={example.Address(4190)}"],
            // The ports that it has nothing to do with may be anybody's here.
            (
                "agent -dev",
                $"agent -dev -http-port={example.Address(8500).Port} -server-port={FreePort.Next()} "
                    + $"-serf-lan-port={FreePort.Next()} -serf-wan-port=-1 -dns-port=-1 -grpc-port=-1"
            )
        );

        await page.Type(0);
        Load[] loads = [Load.Start(example.Address(4140), "books"), Load.Start(example.Address(4240), "books")];
        await Task.WhenAll(loads.Select(l => l.GoesTo("books-v1")));

        var applied = 0L;
        await page.Type(
            1,
            command => applied = command.StartsWith("./weft apply", StringComparison.Ordinal) ? Now : applied
        );
        await Task.WhenAll(loads.Select(l => l.GoesTo("books-v2")));
        foreach (var load in loads)
        {
            var last = load.Outcomes.Last(o => o.ServedBy == "books-v1").At;
            // Negative when all had moved before the command had even ended.
            Assert.InRange(Stopwatch.GetElapsedTime(applied, last), TimeSpan.MinValue, TimeSpan.FromSeconds(1));
        }

        await page.Type(2);
        await Task.WhenAll(loads.Select(l => l.GoesTo("books-v1")));
        foreach (var load in loads)
            await load.StopWithoutFailure();
    }
}
