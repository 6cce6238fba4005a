using Weft.Bench.Overload;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

/// <summary>
/// A service is offered three times what it can do. What it can do is measured in the same seconds, so a slow machine changes both sides. One that
/// stands still for a while now and then does not: each claim has three runs to show itself.
/// </summary>
public class OverloadTests
{
    private const int Runs = 3;

    // Half a second of a backlog that grows by twice the capacity makes answers late: four seconds show what comes after.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task with_a_bounded_queue_four_fifths_of_the_capacity_become_answers_in_good_time()
    {
        var run = await RunUntil(
            OverloadRun.WithQueue,
            r => r.Goodput >= 0.8 && r.LatencyOfServed(0.99) < OverloadRun.Patience
        );
        Assert.InRange(run.Goodput, 0.8, double.MaxValue);
        Assert.InRange(run.LatencyOfServed(0.99), TimeSpan.Zero, OverloadRun.Patience);
        // Whoever is turned away is told why, by the proxy.
        Assert.All(
            run.Answers.Where(a => !a.IsGood),
            a => Assert.Contains(a.WeftError, (string?[])["overloaded", "deadline"])
        );
    }

    [Fact]
    public async Task without_limits_the_service_works_for_callers_who_have_gone()
    {
        var run = await RunUntil(OverloadRun.WithoutLimits, r => r.Goodput < 0.5);
        Assert.InRange(run.Goodput, 0, 0.5);
        Assert.Contains(run.Answers, a => a is { Status: 504, WeftError: "deadline" });
    }

    private static async Task<OverloadRun> RunUntil(string document, Func<OverloadRun, bool> shows)
    {
        for (var left = Runs - 1; ; left--)
        {
            await using var service = await OverloadRun.StartServiceAsync();
            using var mesh = new TempMesh();
            mesh.Disco(OverloadRun.Service, service.Address);
            mesh.Document("services.yaml", document);
            await using var weft = await WeftProcess.Start(mesh);
            var run = await OverloadRun.RunAsync(service, weft.Outbound, Length);
            if (left == 0 || shows(run))
                return run;
        }
    }
}
