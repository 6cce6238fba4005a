using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

public class FaultTests(FaultyMesh faulty) : IClassFixture<FaultyMesh>
{
    private const int Callers = 4;
    private const int Enough = 100;

    [Theory]
    [InlineData(Fault.Refuses, 502, "connect-failed")]
    [InlineData(Fault.SaysNothing, 504, "attempt-timeout")]
    [InlineData(Fault.Drips, 504, "attempt-timeout")]
    [InlineData(Fault.Resets, 502, "upstream-reset")]
    [InlineData(Fault.TalksGarbage, 502, "upstream-protocol")]
    public async Task where_no_other_endpoint_lives_the_caller_is_told_what_is_wrong(
        Fault fault,
        int status,
        string reason
    )
    {
        var service = $"only-{FaultyMesh.NameOf(fault)}";
        var response = await faulty.Weft.Get(service);
        Assert.Equal((status, reason), (response.Status, response.WeftError));
        await IsCounted(service, reason);
    }

    [Theory]
    [InlineData(Fault.Refuses)]
    [InlineData(Fault.SaysNothing)]
    [InlineData(Fault.Drips)]
    [InlineData(Fault.Resets)]
    [InlineData(Fault.TalksGarbage)]
    public async Task where_another_endpoint_lives_no_request_is_lost_and_the_circuit_opens(Fault fault)
    {
        var service = FaultyMesh.NameOf(fault);
        var load = Load.Start(faulty.Weft.Outbound, service, connections: Callers);
        await CircuitOpens(service);
        await load.Answers(Enough);
        var outcomes = await load.StopWithoutFailure();
        Assert.All(outcomes, outcome => Assert.Equal(FaultyMesh.Good, outcome.ServedBy));
    }

    /// <summary>What has gone to the caller cannot be taken back: these are lost, but only until the circuit opens.</summary>
    [Fact]
    public async Task an_answer_that_breaks_off_is_lost_and_costs_no_more_than_the_circuit_takes_to_open()
    {
        var service = FaultyMesh.NameOf(Fault.ResetsMidBody);
        var load = Load.Start(faulty.Weft.Outbound, service, connections: Callers);
        await CircuitOpens(service);
        await load.Answers(Enough);
        var outcomes = await load.Stop();
        Assert.InRange(outcomes.Count(o => !o.IsSuccess), 0, FaultyMesh.ConsecutiveFailures + Callers);
        Assert.All(outcomes.TakeLast(Enough - Callers), o => Assert.Equal(FaultyMesh.Good, o.ServedBy));
    }

    [Fact]
    public async Task a_killed_process_costs_no_request_where_another_lives()
    {
        await using var victim = await StartVictim("killed");
        var load = Load.Start(faulty.Weft.Outbound, "killed", connections: Callers);
        await load.Answers(Enough);
        victim.Kill();
        await CircuitOpens("killed");
        await load.Answers(Enough);
        await load.StopWithoutFailure();

        var response = await faulty.Weft.Get("only-killed");
        Assert.Equal((502, "connect-failed"), (response.Status, response.WeftError));
        await IsCounted("only-killed", "connect-failed");
    }

    [Fact]
    public async Task a_frozen_process_costs_no_request_where_another_lives()
    {
        await using var victim = await StartVictim("frozen");
        var load = Load.Start(faulty.Weft.Outbound, "frozen", connections: Callers);
        await load.Answers(Enough);
        victim.Freeze();
        await CircuitOpens("frozen");
        await load.Answers(Enough);
        await load.StopWithoutFailure();

        var response = await faulty.Weft.Get("only-frozen");
        Assert.Equal((504, "attempt-timeout"), (response.Status, response.WeftError));
        await IsCounted("only-frozen", "attempt-timeout");
    }

    private async Task<WeftProcess> StartVictim(string service)
    {
        var victim = await faulty.StartVictim(service);
        await Eventually.Is(async () => (await faulty.Weft.Get(service)).Status == 200, $"{service} was found");
        return victim;
    }

    /// <summary>Both attempts failed at the endpoint, and the request at its caller.</summary>
    private async Task IsCounted(string service, string reason)
    {
        var name = $"service=\"{service}\"";
        Assert.Equal(1, await Metric("weft_errors_total", name, $"reason=\"{reason}\""));
        Assert.Equal(1, await Metric("weft_requests_total", name, "result=\"failure\""));
        Assert.Equal(1, await Metric("weft_attempts_total", name, "result=\"failure\"", "try=\"first\""));
        Assert.Equal(1, await Metric("weft_attempts_total", name, "result=\"failure\"", "try=\"retry\""));
    }

    private Task CircuitOpens(string service) =>
        Eventually.Is(
            async () =>
                await Metric("weft_ejections_total", $"client=\"/#/file/{service}\"") >= 1
                && await Metric("weft_endpoints", $"client=\"/#/file/{service}\"", "state=\"ejected\"") == 1,
            $"the circuit of {service} opened"
        );

    private Task<double> Metric(string name, params string[] labels) => faulty.Weft.Metric(name, labels);
}
