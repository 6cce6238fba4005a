using System.Net;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Whatever a name server answers, what it said before stays, and the reason is told.</summary>
public sealed class DnsHostileTests : IAsyncDisposable
{
    private const string Host = "/#/dns/web/80";
    private const string Service = "/#/dns/_http._tcp.web";

    private static readonly Dictionary<string, Action<DnsWriter>> Answers = new()
    {
        ["too many"] = a => Times(4097, i => a.A($"10.1.{i / 250}.{i % 250}", 10)),
        ["a name that is cut off"] = a => a.Add(null, 5, 10, [63, 65]),
        ["a name with more behind it"] = a => a.Add(null, 5, 10, [1, 65, 0, 9]),
        ["a circle"] = a => a.Add(null, 5, 10, [0xc0, 0xff]),
        ["a failure"] = a => a.Code = 2,
        ["a refusal"] = a => a.Code = 5,
    };

    private readonly VirtualTime _time = new();
    private readonly ScriptedDns _dns = new();
    private readonly IDiscoveryNamer _namer;

    public DnsHostileTests() =>
        _namer = DnsNamer.Create(
            Naming.Path.Parse("/#/dns"),
            new DnsNamerOptions { Servers = [IPEndPoint.Parse("10.0.0.53:53")] },
            _dns,
            _time,
            new Random(1)
        );

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    [Theory]
    [InlineData("too many", "more than 4096 records")]
    [InlineData("a name that is cut off", "a name in a DNS answer")]
    [InlineData("a name with more behind it", "the wrong length")]
    [InlineData("a circle", "in a circle")]
    [InlineData("a failure", "")]
    [InlineData("a refusal", "")]
    public void An_answer_that_makes_no_sense_is_refused_with_the_reason(string what, string reason)
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10));
        Assert.Equal("10.0.0.1:80", Ask(Host));
        _dns.Answer("web", "A", Answers[what]);
        _dns.Answer("web", "AAAA", Answers[what]);
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Host));
        Assert.Contains(reason, Assert.Single(_namer.Problems).ToString(), StringComparison.Ordinal);
        _dns.Forget();
        _dns.Answer("web", "A", a => a.A("10.0.0.2", 10));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("10.0.0.2:80", _namer.Ends(Host));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void Records_that_are_there_twice_are_one_endpoint()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10).A("10.0.0.1", 10));
        Assert.Equal("10.0.0.1:80", Ask(Host));
        _dns.Answer("_http._tcp.web", "SRV", a => a.Srv(0, 1, 80, "web", 10).Srv(0, 2, 80, "web", 10));
        Assert.Equal("10.0.0.1:80*3", Ask(Service));
    }

    [Fact]
    public void A_port_that_nobody_can_listen_on_does_not_count()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10));
        _dns.Answer("_http._tcp.web", "SRV", a => a.Srv(0, 0, 0, "web", 10).Srv(9, 0, 80, "web", 10));
        Assert.Equal("10.0.0.1:80", Ask(Service));
    }

    [Fact]
    public void A_service_of_too_many_hosts_is_refused()
    {
        _dns.Answer("_http._tcp.web", "SRV", a => Times(1001, i => a.Srv(0, 0, 80, $"h{i}", 10)));
        Assert.Equal("failed: /#/dns: _http._tcp.web has more than 1000 hosts", Ask(Service));
    }

    [Fact]
    public void A_time_to_live_out_of_range_is_none()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", -1));
        Assert.Equal("10.0.0.1:80", Ask(Host));
        _dns.Answer("web", "A", a => a.A("10.0.0.2", 10));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("10.0.0.2:80", _namer.Ends(Host));
    }

    private string Ask(string name)
    {
        _namer.Ends(name);
        _time.Advance(0);
        return _namer.Ends(name);
    }

    private static void Times(int count, Action<int> act)
    {
        for (var i = 0; i < count; i++)
        {
            act(i);
        }
    }
}
