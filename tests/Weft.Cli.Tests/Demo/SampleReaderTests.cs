using Weft.Cli.Demo;
using static Weft.Cli.Tests.Demo.Visits;

namespace Weft.Cli.Tests.Demo;

public class SampleReaderTests
{
    private const string Fault = "authors 500: authors-v1: the ink ran dry\n";

    [Fact]
    public void A_page_is_a_success_and_says_who_served_it()
    {
        var sample = Read(200, "web(books(authors-v1), authors-v2a)");
        Assert.Equal((Outcome.Success, V2A, V1), (sample.Outcome, sample.Direct, sample.ViaBooks));
        Assert.Equal(Ms(20), sample.Latency);
    }

    [Fact]
    public void An_error_of_version_1_is_its_fault_however_many_pass_it_on() =>
        Assert.Equal(Outcome.Fault, Read(500, "web()", body: $"books 500: {Fault}{Fault}").Outcome);

    [Theory]
    [InlineData(500, "books 500: authors 502: connect-failed: no endpoint of /#/file/authors answered\n")]
    [InlineData(502, Fault)]
    [InlineData(500, Fault + "books 500: authors 502: upstream-reset: gone\n")]
    [InlineData(500, "")]
    [InlineData(404, "no such page\n")]
    public void Every_other_error_is_lost(int status, string body)
    {
        var sample = Read(status, "web()", body: body);
        Assert.Equal(Outcome.Lost, sample.Outcome);
        Assert.StartsWith($"{status} ", sample.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_the_visitors_own_proxy_made_is_lost_whatever_it_says() =>
        Assert.Equal("500 upstream-reset", Read(500, null, "upstream-reset", Fault).Why);

    [Fact]
    public void The_words_of_a_loss_are_bounded() =>
        Assert.Equal(
            SampleReader.MaxWhy,
            SampleReader.Unanswered(TimeSpan.Zero, TimeSpan.Zero, new string('x', 9999)).Why!.Length
        );

    [Theory]
    [InlineData("web(books(authors-v1), authors-v2a)", V2A, V1)]
    [InlineData("web(books(), authors-v2b)", V2B, null)]
    [InlineData("web(books(authors-v1))", null, V1)]
    [InlineData("web(authors-v2a)", V2A, null)]
    [InlineData("web()", null, null)]
    [InlineData("web(books(authors-v1", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void Served_by_tells_which_instances_answered_whom(string? field, string? direct, string? viaBooks) =>
        Assert.Equal((direct, viaBooks), ServedBy.Authors(field));

    private static Sample Read(int status, string? servedBy, string? weftError = null, string body = "") =>
        SampleReader.Read(TimeSpan.Zero, Ms(20), status, servedBy, weftError, body);
}
