using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Retries;

public sealed class RetryStateTests
{
    private static readonly AttemptReport Reset = new(AttemptEnd.Reset);
    private static readonly AttemptReport NotConnected = new(AttemptEnd.ConnectFailed);
    private readonly LoopRandom _random = new(8);
    private readonly RetryPolicy _policy = new()
    {
        Backoff = new Backoff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), BackoffJitter.None),
    };

    [Fact]
    public void a_request_is_tried_again_up_to_its_limit_with_growing_waits()
    {
        var state = State();
        Assert.Equal([10, 20, 40], Enumerable.Range(0, 3).Select(_ => Decide(ref state, Reset).Wait / PerMillisecond));
        Assert.Equal(RetryOutcome.Limit, Decide(ref state, Reset).Outcome);
        Assert.Equal(3, state.Made);
    }

    [Theory]
    [InlineData(AttemptEnd.Reset, false)]
    [InlineData(AttemptEnd.TimedOut, false)]
    [InlineData(AttemptEnd.ConnectFailed, true)]
    [InlineData(AttemptEnd.RefusedStream, true)]
    public void a_method_that_may_not_be_repeated_is_only_repeated_when_nobody_has_looked_at_it(
        AttemptEnd end,
        bool again
    )
    {
        var policy = _policy with { On = _policy.On | RetryConditions.AttemptTimeout };
        var state = State(policy, methodAllowed: false);
        Assert.Equal(again, Decide(ref state, new AttemptReport(end)).Again);
    }

    [Theory]
    [InlineData(AttemptEnd.Reset, false)]
    [InlineData(AttemptEnd.RefusedStream, false)]
    [InlineData(AttemptEnd.ConnectFailed, true)]
    public void a_retry_of_another_hop_is_not_multiplied(AttemptEnd end, bool again)
    {
        var state = State(isRetry: true);
        var decision = Decide(ref state, new AttemptReport(end));
        Assert.Equal(again, decision.Again);
        Assert.Equal(RetryOutcome.None, decision.Outcome);

        var willing = State(_policy with { RetryRetries = true }, isRetry: true);
        Assert.True(Decide(ref willing, new AttemptReport(end)).Again);
    }

    [Fact]
    public void a_body_that_is_gone_is_not_sent_again()
    {
        var state = State();
        Assert.Equal(RetryOutcome.NotReplayable, Decide(ref state, Reset, replayable: false).Outcome);
    }

    [Fact]
    public void a_spent_budget_stops_retries_and_refused_ones_cost_nothing()
    {
        var budget = Budget(minPerSecond: 1);
        var state = State(budget: budget);
        Assert.True(Decide(ref state, Reset).Again);
        Assert.Equal(RetryOutcome.Budget, Decide(ref state, Reset).Outcome);
        Assert.Equal(1, state.Made);

        var other = State(budget: Budget(minPerSecond: 1));
        Decide(ref other, Reset, deadline: Deadline.After(0, 1));
        Decide(ref other, Reset, replayable: false);
        Assert.True(Decide(ref other, Reset).Again);
    }

    [Fact]
    public void a_wait_that_outlasts_the_deadline_is_not_begun()
    {
        var state = State();
        Assert.Equal(
            RetryOutcome.Deadline,
            Decide(ref state, Reset, deadline: Deadline.After(0, 10 * PerMillisecond)).Outcome
        );
        Assert.True(Decide(ref state, Reset, deadline: Deadline.After(0, (10 * PerMillisecond) + 1)).Again);
    }

    [Fact]
    public void an_endpoint_that_asks_for_time_gets_it_and_the_backoff_on_top()
    {
        var state = State();
        var busy = Reset with { Hold = RetryHold.For(2 * PerSecond) };
        Assert.Equal((2 * PerSecond) + (10 * PerMillisecond), Decide(ref state, busy).Wait);
        Assert.Equal(
            RetryOutcome.Deadline,
            Decide(ref state, busy, deadline: Deadline.After(0, 2 * PerSecond)).Outcome
        );
    }

    [Fact]
    public void nobody_waits_longer_than_the_policy_keeps_requests_for()
    {
        var state = State();
        var report = Reset with { Hold = RetryHold.For(31 * PerSecond) };
        Assert.Equal(RetryOutcome.Deadline, Decide(ref state, report).Outcome);
        report = Reset with { Hold = RetryHold.For(long.MaxValue) };
        Assert.Equal(RetryOutcome.Deadline, Decide(ref state, report).Outcome);
    }

    [Fact]
    public void pushback_that_says_stop_is_obeyed()
    {
        var state = State();
        Assert.Equal(RetryOutcome.Limit, Decide(ref state, NotConnected with { Hold = RetryHold.Stop }).Outcome);
    }

    [Theory]
    [InlineData(RetryConditions.ServerError, 500, true)]
    [InlineData(RetryConditions.ServerError, 599, true)]
    [InlineData(RetryConditions.ServerError, 499, false)]
    [InlineData(RetryConditions.GatewayError, 502, true)]
    [InlineData(RetryConditions.GatewayError, 504, true)]
    [InlineData(RetryConditions.GatewayError, 500, false)]
    [InlineData(RetryConditions.RetriableClientError, 409, true)]
    [InlineData(RetryConditions.RetriableClientError, 404, false)]
    [InlineData(RetryConditions.None, 429, true)]
    [InlineData(RetryConditions.None, 503, false)]
    public void statuses_are_retried_as_the_policy_says(RetryConditions on, int status, bool again)
    {
        var state = State(_policy with { On = on, Statuses = new StatusSet([(429, 429)]) });
        Assert.Equal(again, Decide(ref state, new AttemptReport(AttemptEnd.Answered, status)).Again);
    }

    [Fact]
    public void a_grpc_response_is_judged_by_its_own_status_alone()
    {
        var policy = _policy with { On = RetryConditions.ServerError, GrpcStatuses = new StatusSet([(14, 14)]) };
        var state = State(policy);
        Assert.True(Decide(ref state, new AttemptReport(AttemptEnd.Answered, 200, GrpcStatus: 14)).Again);
        Assert.False(Decide(ref state, new AttemptReport(AttemptEnd.Answered, 500, GrpcStatus: 0)).Again);
    }

    [Fact]
    public void every_outcome_that_is_counted_has_its_word() =>
        Assert.Equal(
            ["", "success", "failure", "budget", "limit", "deadline", "not_replayable"],
            Enum.GetValues<RetryOutcome>().Select(outcome => outcome.Text())
        );

    private RetryState State(
        RetryPolicy? policy = null,
        RetryBudgetShare? budget = null,
        bool methodAllowed = true,
        bool isRetry = false
    ) => new(policy ?? _policy, budget ?? Budget(minPerSecond: 100), methodAllowed, isRetry);

    private static RetryBudgetShare Budget(int minPerSecond) =>
        new RetryBudget(
            new RetryBudgetOptions
            {
                Ratio = 0,
                MinPerSecond = minPerSecond,
                Window = TimeSpan.FromSeconds(1),
            }
        ).Join();

    private RetryDecision Decide(
        ref RetryState state,
        in AttemptReport report,
        Deadline? deadline = null,
        bool replayable = true
    ) => state.Decide(report, 0, deadline ?? Deadline.Never, replayable, _random);
}
