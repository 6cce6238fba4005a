using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

public class BlueGreenTests
{
    private const int Switches = 5;

    [Fact]
    public async Task one_edited_line_switches_all_calls_and_loses_none()
    {
        using var example = new Example("blue-green");
        await using var blue = await EchoUpstream.Start("blue", example.Address(8081));
        await using var green = await EchoUpstream.Start("green", example.Address(8082));
        await using var weft = await example.Start();

        var load = Load.Start(weft.Outbound, "shop");
        await load.GoesTo("blue");
        Assert.Equal(
            "green",
            (await weft.Get("shop", headers: "weft-dtab: /svc/shop => /#/file/shop-green\r\n")).ServedBy
        );
        for (var i = 0; i < Switches; i++)
        {
            var (from, to) = i % 2 == 0 ? ("blue", "green") : ("green", "blue");
            example.Edit("mesh/dtab.yaml", $"shop-{from}", $"shop-{to}");
            await load.GoesTo(to);
        }
        await load.StopWithoutFailure();
    }
}
