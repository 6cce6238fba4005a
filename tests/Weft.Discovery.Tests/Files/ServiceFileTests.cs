using System.Collections.Immutable;
using System.Text;
using Weft.Naming;

namespace Weft.Discovery.Tests.Files;

public sealed class ServiceFileTests
{
    private readonly List<Problem> _problems = [];

    private string[] Parse(string text) =>
        [.. Read(text).Select(t => $"{t.Host ?? t.Address!.ToString()} {t.Port} * {t.Weight}")];

    private ImmutableArray<ServiceTarget> Read(string text) =>
        ServiceFile.Parse(Encoding.UTF8.GetBytes(text), "web", _problems);

    [Theory]
    [InlineData("127.0.0.1 8080", "127.0.0.1 8080 * 1")]
    [InlineData("  127.0.0.1\t8080  ", "127.0.0.1 8080 * 1")]
    [InlineData("127.0.0.1 8080 * 0.5", "127.0.0.1 8080 * 0.5")]
    [InlineData("127.0.0.1 8080 *2", "127.0.0.1 8080 * 2")]
    [InlineData("127.0.0.1 8080*2", "127.0.0.1 8080 * 2")]
    [InlineData("127.0.0.1 8080 * 0", "127.0.0.1 8080 * 0")]
    [InlineData("::1 8080", "::1 8080 * 1")]
    [InlineData("[::1] 8080", "::1 8080 * 1")]
    [InlineData("Web.Example. 80", "web.example. 80 * 1")]
    [InlineData("localhost 80 # here", "localhost 80 * 1")]
    [InlineData("\uFEFFlocalhost 80", "localhost 80 * 1")]
    public void A_line_is_a_host_a_port_and_perhaps_a_weight(string text, string target)
    {
        Assert.Equal([target], Parse(text));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Comments_and_empty_lines_do_not_count() =>
        Assert.Equal(["a 1 * 1", "b 2 * 1"], Parse("# all\r\n\r\na 1\n   # more\n\nb 2"));

    [Fact]
    public void Lines_for_the_same_host_and_port_are_one_endpoint_with_the_sum_of_weights() =>
        Assert.Equal(["a 1 * 3.5", "a 2 * 1"], Parse("a 1\na 2\nA 1 * 2.5"));

    [Theory]
    [InlineData("127.0.0.1", "web:1:10: the port is missing")]
    [InlineData("127.0.0.1 ", "web:1:11: the port is missing")]
    [InlineData("127.0.0.1 0", "web:1:11: '0' is not a port from 1 to 65535")]
    [InlineData("127.0.0.1 65536", "web:1:11: '65536' is not a port from 1 to 65535")]
    [InlineData("127.0.0.1:80 1", "web:1:1: '127.0.0.1:80' is neither an IP address nor the name of a host")]
    [InlineData("127.1 80", "web:1:1: '127.1' is neither")]
    [InlineData("1.2.3.4.5 80", "web:1:1: '1.2.3.4.5' is neither")]
    [InlineData("a..b 80", "web:1:1: 'a..b' is neither")]
    [InlineData("../etc 80", "web:1:1: '../etc' is neither")]
    [InlineData("wéb 80", "web:1:1: 'wéb' is neither")]
    [InlineData("* 80", "web:1:1: '' is neither")]
    [InlineData("a 80 *", "web:1:6: '' is not a weight from 0 to 1000000000")]
    [InlineData("a 80 * -1", "web:1:6: '-1' is not a weight")]
    [InlineData("a 80 * NaN", "web:1:6: 'NaN' is not a weight")]
    [InlineData("a 80 * 1000000001", "web:1:6: '1000000001' is not a weight")]
    [InlineData("a 80 * 1e999", "web:1:6: '1e999' is not a weight")]
    [InlineData("a 80 zone=a * 2", "web:1:13: a '*' with a weight stands behind the port")]
    [InlineData("\n\n   a x", "web:3:6: 'x' is not a port")]
    public void A_bad_line_is_named_with_its_place(string text, string problem)
    {
        Parse(text);
        Assert.StartsWith(problem, Assert.Single(_problems).ToString());
        Assert.EndsWith(
            "; write 'host port' or 'host port * weight', such as 127.0.0.1 8080 * 0.5",
            _problems[0].ToString()
        );
    }

    [Theory]
    [InlineData("a 80 zone=eu-west_1a.x", "zone=eu-west_1a.x")]
    [InlineData("a 80 * 0.5 zone=a protocol=http2", "protocol=http2 zone=a")]
    [InlineData("a 80 *0.5 protocol=http1 # best", "protocol=http1")]
    public void A_line_may_say_more_of_its_endpoint(string text, string metadata)
    {
        var target = Assert.Single(Read(text));

        Assert.Empty(_problems);
        Assert.Equal(metadata, string.Join(' ', target.Metadata.Select(m => $"{m.Key}={m.Value}")));
    }

    [Theory]
    [InlineData("a 80 0.5", "web:1:6: '0.5' is neither a '*' with a weight nor a key=value")]
    [InlineData("a 80 zon=a", "web:1:6: 'zon' is not known of endpoints")]
    [InlineData("a 80 Zone=a", "web:1:6: 'Zone' is not known of endpoints")]
    [InlineData("a 80 * 2 zone=", "web:1:10: '' is not the name of a zone")]
    [InlineData("a 80 zone=a/b", "web:1:6: 'a/b' is not the name of a zone")]
    [InlineData("a 80 zone=a  protocol=h3", "web:1:14: 'h3' is not a protocol")]
    [InlineData("a 80 zone=a zone=a", "web:1:13: 'zone' is said twice")]
    public void What_is_not_known_of_endpoints_is_an_error_at_its_place(string text, string problem)
    {
        Read(text);

        var found = Assert.Single(_problems).ToString();
        Assert.StartsWith(problem, found, StringComparison.Ordinal);
        Assert.EndsWith("zone=NAME and protocol=http1 or http2", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_for_the_same_host_and_port_do_not_contradict_each_other()
    {
        Assert.Equal(["a 1 * 2"], Parse("a 1 zone=x\na 1 zone=x"));
        Assert.Empty(_problems);

        Parse("a 1 zone=x\na 1");

        Assert.StartsWith(
            "web:2:1: an earlier line says otherwise of this host and port",
            Assert.Single(_problems).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Many_bad_lines_are_reported_up_to_a_bound()
    {
        Parse(string.Concat(Enumerable.Repeat("bad\n", 1000)));
        Assert.Equal(20, _problems.Count);
    }

    [Fact]
    public void Lines_beyond_the_bound_are_an_error()
    {
        Parse(new string('\n', ServiceFile.MaxLines + 10));
        Assert.Equal("web:100001: more than 100000 lines are not read", Assert.Single(_problems).ToString());
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_their_place()
    {
        ServiceFile.Parse(Hostile.Nonsense.NoUtf8("10.0.0.1 80\n10.0.0.? 80\n"), "web", _problems);
        Assert.StartsWith("web:2:1: '10.0.0.", Assert.Single(_problems).ToString());
    }
}
