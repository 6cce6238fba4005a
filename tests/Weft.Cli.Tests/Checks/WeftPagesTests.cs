using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class WeftPagesTests
{
    private static Answer.Page Page(string text, int status = 200) => new(status, text, Samples.Times);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("{\"version\": 1, \"listeners\": ")]
    [InlineData("{\"version\": \"1\", \"listeners\": []}")]
    [InlineData("{\"version\": 1, \"listeners\": [null]}")]
    [InlineData("{\"version\": 1, \"listeners\": [], \"problems\": [null]}")]
    [InlineData("{\"version\": 1, \"listeners\": [], \"namers\": [{\"problems\": [null]}]}")]
    [InlineData("{\"version\": 1, \"listeners\": [], \"process\": {\"time\": \"yesterday\"}}")]
    [InlineData("{\"store\": null, \"namespaces\": []}")]
    [InlineData("{\"proxies\": [null]}")]
    public void What_is_not_whole_is_not_ours(string text)
    {
        Assert.Null(WeftPages.Proxy(Page(text)));
        Assert.Null(WeftPages.Status(Page(text)));
        Assert.Null(WeftPages.Proxies(Page(text)));
        Assert.Null(WeftPages.Error(Page(text, 404)));
    }

    [Fact]
    public void Nesting_without_end_is_not_ours() => Assert.Null(WeftPages.Proxy(Page(new string('[', 1_000_000))));

    [Fact]
    public void What_another_version_leaves_out_is_not_known_and_what_it_adds_is_passed_over()
    {
        var page = WeftPages.Proxy(Page("""{"version": 1, "listeners": [{"name": "a"}], "later": {"x": 1}}"""));

        Assert.Equal(("a", null), (page!.Listeners![0].Name, page.Process));
        Assert.Null(WeftPages.Proxy(Page("""{"version": 1, "listeners": []}""", 500)));
    }

    [Fact]
    public void Of_a_proxy_that_says_next_to_nothing_every_check_says_something()
    {
        var page = WeftPages.Proxy(Page("""{"version": 1, "listeners": []}"""));
        var facts = new ProxyFacts("10.0.0.1:4191", Page("")) { Page = page };

        Assert.All(Doctor.Examine(Samples.Mesh(facts)), f => Assert.NotEqual(FindingStatus.Error, f.Status));
    }
}
