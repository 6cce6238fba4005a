namespace Weft.Proxy.Tests;

public sealed class PlainProxyTests
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
    public void only_the_plain_form_goes_without_the_parser(string expected, params string[] args) =>
        Assert.Equal((expected.Length > 0, expected), (PlainProxy.Is(args, out var file), file));
}
