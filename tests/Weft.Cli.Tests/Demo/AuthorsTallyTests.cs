using Weft.Cli.Demo;
using Weft.Telemetry;

namespace Weft.Cli.Tests.Demo;

public class AuthorsTallyTests
{
    private const string Web = """
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",result="success",try="first"} 70
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",result="failure",try="first"} 20
        weft_attempts_total{direction="outbound",client="/#/file/authors-v2",result="success",try="retry"} 10
        weft_attempts_total{direction="outbound",client="/#/file/books",result="success",try="first"} 500
        weft_attempts_total{direction="inbound",client="/#/file/authors-v1",result="success",try="first"} 500
        weft_ejections_total{direction="outbound",client="/#/file/authors-v2",cause="connect"} 2

        """;

    private const string Books = """
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",result="success",try="first"} 5
        weft_ejections_total{direction="outbound",client="/#/file/books",cause="connect"} 7

        """;

    [Fact]
    public void The_callers_attempts_at_authors_are_added_up_and_their_circuits_are_not()
    {
        var tally = AuthorsTally.Of(Read(Web, Books));
        Assert.Equal((105, 85, 10), (tally.Attempts, tally.Successes, tally.Retries));
        Assert.Equal([2, 0], tally.Circuits);
    }

    [Fact]
    public void What_happened_since_is_the_difference()
    {
        var tally = AuthorsTally.Of(Read(Web, Books)).Since(AuthorsTally.Of(Read(Books, Books)));
        Assert.Equal((95, 75, 10), (tally.Attempts, tally.Successes, tally.Retries));
        Assert.Equal([2, 0], tally.Circuits);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    [InlineData(2, 1, true)]
    public void A_circuit_has_opened_when_it_has_for_one_caller(int web, int books, bool held)
    {
        var cost = new Verdict(IsEnough: true, IsSettled: true, Held: true, "nothing lost");
        Assert.Equal(held, Judge.CircuitOpens(cost, new AuthorsTally(0, 0, 0, [web, books])).Held);
    }

    private static Scrape Read(params string[] pages) =>
        new(TimeSpan.Zero, [.. pages.Select(page => PrometheusText.Parse(page))]);
}
