using Weft.Cli.Verbs;

namespace Weft.Cli.Tests.Verbs;

public sealed class ProxyRunTests
{
    [Theory]
    [InlineData("x.yaml", "proxy", "-c", "x.yaml")]
    [InlineData("x.yaml", "proxy", "--config", "x.yaml")]
    [InlineData("", "proxy", "-c", "--check")]
    [InlineData("", "proxy", "-c", "")]
    [InlineData("", "proxy", "-c", "x.yaml", "--check")]
    [InlineData("", "proxy", "-c")]
    [InlineData("", "stat", "-c", "x.yaml")]
    [InlineData("")]
    public void Only_the_plain_form_goes_without_the_parser(string expected, params string[] args) =>
        Assert.Equal((expected.Length > 0, expected), (ProxyRun.Is(args, out var file), file));
}
