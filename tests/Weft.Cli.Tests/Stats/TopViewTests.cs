using Spectre.Console;
using Weft.Cli.Stats;

namespace Weft.Cli.Tests.Stats;

public sealed class TopViewTests
{
    [Fact]
    public async Task It_draws_again_and_again_until_it_is_stopped()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );
        console.Profile.Width = 100;
        using var stop = new CancellationTokenSource();
        var looks = 0;
        await new TopView(console, TrafficShape.Calls, rows: 1).RunAsync(
            _ => Task.FromResult(Sight(++looks)),
            async _ =>
            {
                if (looks == 3)
                {
                    await stop.CancelAsync();
                    stop.Token.ThrowIfCancellationRequested();
                }
            },
            stop.Token
        );

        var text = output.ToString();
        Assert.Equal(3, looks);
        Assert.Contains("call-1", text);
        Assert.Contains("call-3", text);
        // The busiest only.
        Assert.DoesNotContain("idle", text);
        Assert.Contains("proxy a is late", text);
    }

    private static TrafficSight Sight(int look) =>
        new(
            20,
            20,
            [new TrafficSource("a", "web", 20, "proxy a is late")],
            [Row("idle", 1), Row($"call-{look}", 1000)]
        );

    private static CallRow Row(string service, double rate) =>
        new(new CallKey("web", service, "default"), new CallStats(10, 10, rate, new Latencies(0.1, 0.2, 0.3)));
}
