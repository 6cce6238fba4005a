namespace Weft.Control.Tests.Preview;

/// <summary>What changes about calls apart from where they go.</summary>
public sealed class NoteTests
{
    private static readonly string[] s_documents = [Bench.Namer, Bench.Dtab(Bench.Direct)];

    [Theory]
    [InlineData(
        "timeouts: {request: 2s}",
        "timeouts: {request: 500ms, attempt: 100ms}",
        "timeout request: 2s -> 500ms",
        "timeout attempt: none -> 100ms"
    )]
    [InlineData("timeouts: {request: 1s}", "retries: {limit: 2}", "timeout request: 1s -> none", "retries added")]
    [InlineData("retries: {limit: 2}", "retries: {limit: 3}", "retries changed")]
    [InlineData(
        "rateLimit: {requests: 5}",
        "timeouts: {connect: 2s}",
        "rate limit removed",
        "timeout connect: 1s -> 2s"
    )]
    [InlineData("breaker: {consecutiveFailures: 5}", "balancer: {kind: random}", "breaker removed", "balancer changed")]
    public void a_changed_policy_is_noted(string now, string then, params string[] notes)
    {
        var line = new Bench().Line(
            [.. s_documents, Bench.Service("books", now)],
            [.. s_documents, Bench.Service("books", then)]
        );
        Assert.Equal((Verdict.Stays, true), (line.Verdict, line.IsTouched));
        Assert.Equal(notes, line.Notes);
        Assert.Equal([new DocumentKey("Service", "books")], line.Touched);
    }

    [Fact]
    public void a_policy_for_others_is_not_noted()
    {
        var line = new Bench().Line(s_documents, [.. s_documents, Bench.Service("book", "timeouts: {request: 1s}")]);
        Assert.False(line.IsTouched);
        Assert.Empty(line.Touched);
    }

    [Fact]
    public void a_policy_of_a_backend_is_noted_with_its_name()
    {
        string[] documents = [.. s_documents, Bench.Route("r", "backendRefs: [{name: v1}]")];
        var line = new Bench().Line(
            documents,
            [.. documents, Bench.Service("v1", "breaker: {consecutiveFailures: 5}, timeouts: {request: 1s}")],
            Bench.Seen(route: "r")
        );
        // A backend's timeout of requests is for those that ask for it by name.
        Assert.Equal(["v1: breaker added"], line.Notes);
    }

    [Fact]
    public void what_a_rule_does_anew_is_noted()
    {
        const string mirror = "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: v2}, percent: 10}}]";
        var line = new Bench().Line(
            [.. s_documents, Bench.Route("r", "backendRefs: [{name: v1}]")],
            [.. s_documents, Bench.Route("r", $"backendRefs: [{{name: v1}}], {mirror}, timeouts: {{request: 1s}}")],
            Bench.Seen(route: "r")
        );
        Assert.Equal(Verdict.Stays, line.Verdict);
        Assert.Equal(["timeout request: none -> 1s", "mirror added: v2 (10% of requests)"], line.Notes);
        Assert.Equal([new DocumentKey("HTTPRoute", "r")], line.Touched);
    }

    [Fact]
    public void what_a_rule_says_itself_its_service_does_not_change()
    {
        string[] documents =
        [
            .. s_documents,
            Bench.Route(
                "r",
                "name: own, matches: [{path: {value: /a}}], timeouts: {request: 1s}, retry: {attempts: 0}",
                "name: rest"
            ),
        ];
        var lines = new Bench().Lines(
            Bench.Set(documents),
            Bench.Set([.. documents, Bench.Service("books", "timeouts: {request: 3s}, retries: {limit: 1}")]),
            Bench.Seen(route: "r/own"),
            Bench.Seen(route: "r/rest")
        );
        Assert.Equal(("r/rest", "r/own"), (lines[0].Calls.Route, lines[1].Calls.Route));
        Assert.Equal(["timeout request: none -> 3s", "retries added"], lines[0].Notes);
        Assert.False(lines[1].IsTouched);
    }

    [Fact]
    public void a_fault_is_noted_for_those_who_could_meet_it()
    {
        string[] documents =
        [
            .. s_documents,
            Bench.Route("r", "name: a, matches: [{path: {value: /a}}]", "name: b, matches: [{path: {value: /b}}]"),
        ];
        const string fault =
            "{apiVersion: weft.dev/v1, kind: FaultInjection, metadata: {name: slow}, spec: {parentRefs: [{kind: Service, name: books}], matches: [{path: {value: /a/x}}], delay: {fixed: 1s}}}";
        var lines = new Bench().Lines(
            Bench.Set(documents),
            Bench.Set([.. documents, fault]),
            Bench.Seen(route: "r/a"),
            Bench.Seen(route: "r/b")
        );
        Assert.Equal(["fault injection slow added"], lines[0].Notes);
        Assert.Equal([new DocumentKey("FaultInjection", "slow")], lines[0].Touched);
        Assert.False(lines[1].IsTouched);
    }
}
