using System.Text;
using Weft.Resilience;

namespace Weft.Proxy.Tests;

public class FaultTests
{
    private static FaultTable Table(params ReadOnlySpan<string> specs) =>
        Routing
            .Tables(
                string.Concat(
                    specs
                        .ToArray()
                        .Select(
                            (spec, i) =>
                                $"kind: FaultInjection\nmetadata: {{name: f{i}}}\nspec: {{parentRefs: [{{name: books}}], {spec}}}\n---\n"
                        )
                )
            )
            .FaultsOf(Routing.Books)!;

    private static CompiledFault Fault(string spec) => Table(spec).Find(Routing.Get("/"))!;

    [Fact]
    public void The_most_specific_fault_applies_alone()
    {
        var table = Table(
            "abort: {status: 500}",
            "matches: [{path: {value: /a}}], abort: {status: 501}",
            "matches: [{headers: [{name: x, value: \"1\"}]}], abort: {status: 502}"
        );
        Assert.Equal("f1", table.Find(Routing.Get("/a?b", "x: 1"))!.Name);
        Assert.Equal("f2", table.Find(Routing.Get("/", "x: 1"))!.Name);
        Assert.Equal("f0", table.Find(Routing.Get("/"))!.Name);
    }

    [Fact]
    public void A_request_that_no_fault_is_for_meets_none() =>
        Assert.Null(Table("matches: [{method: PUT}], abort: {status: 500}").Find(Routing.Get("/")));

    [Fact]
    public void A_delay_is_fixed_with_jitter_and_takes_its_share()
    {
        var fault = Fault("delay: {fixed: 100ms, jitter: 50ms, percent: 20}");
        var random = new LoopRandom(5);
        var delays = Enumerable.Range(0, 10_000).Select(_ => fault.DrawDelay(random)).ToArray();
        Assert.InRange(delays.Count(d => d > 0), 1800, 2200);
        Assert.All(delays.Where(d => d > 0), d => Assert.InRange(d, 100, 150));
        Assert.InRange(delays.Where(d => d > 0).Average(), 120, 131);
        Assert.False(fault.DrawAbort(random));
    }

    [Fact]
    public void An_abort_takes_its_share()
    {
        var fault = Fault("abort: {status: 503, percent: 0.5}");
        var random = new LoopRandom(5);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(_ => fault.DrawAbort(random)), 400, 600);
        Assert.Equal(0, fault.DrawDelay(random));
    }

    [Theory]
    [InlineData("{status: 503}", 503, "14")]
    [InlineData("{status: 418}", 418, "2")]
    [InlineData("{grpc: not-found}", 404, "5")]
    [InlineData("{grpc: resource-exhausted}", 429, "8")]
    public void Either_kind_of_request_gets_the_answer_that_corresponds(string abort, int status, string grpc)
    {
        var fault = Fault($"abort: {abort}");
        var plain = fault.Answer(Routing.Get("/"));
        Assert.Equal(status, plain.Status);
        Assert.Equal("fault injected by FaultInjection f0\n", Encoding.ASCII.GetString(plain.Body.Span));

        var call = fault.Answer(Routing.Request("POST", "/s/m", "content-type: application/grpc+proto"));
        Assert.Equal(200, call.Status);
        Assert.Contains(("grpc-status", grpc), call.Fields.Fields);
        Assert.True(call.Body.IsEmpty);
    }

    [Fact]
    public void A_status_without_body_has_none() =>
        Assert.True(Fault("abort: {status: 204}").Answer(Routing.Get("/")).Body.IsEmpty);
}
