using System.Net;

namespace Weft.Discovery.Tests.Dns;

public sealed class DnsNamerTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedDns _dns = new();
    private IDiscoveryNamer _namer;

    public DnsNamerTests() => _namer = Create(new DnsNamerOptions { Servers = [IPEndPoint.Parse("10.0.0.53:53")] });

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private IDiscoveryNamer Create(DnsNamerOptions options) =>
        _namer = DnsNamer.Create(Naming.Path.Parse("/#/dns"), options, _dns, _time, new Random(1));

    private string Ask(string path)
    {
        _namer.Endpoints(Naming.Path.Parse(path));
        _time.Advance(0);
        return _namer.Ends(path);
    }

    [Fact]
    public void A_host_is_all_of_its_addresses_on_the_port_of_the_name()
    {
        _dns.Answer("web.example", "A", a => a.A("10.0.0.2", 30).A("10.0.0.1", 30));
        _dns.Answer("web.example", "AAAA", a => a.A("fd00::1", 30));
        Assert.Equal("pending", _namer.Name("/#/dns/web.example/80"));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 [fd00::1]:80", Ask("/#/dns/web.example/80"));
        Assert.Equal("/#/dns/Web.Example./80 [/x]", _namer.Name("/#/dns/Web.Example./80/x"));
        Assert.Equal("10.0.0.1:81 10.0.0.2:81 [fd00::1]:81", _namer.Ends("/#/dns/web.example/81"));
        Assert.Equal(["web.example A", "web.example AAAA"], _dns.Asked);
    }

    [Theory]
    [InlineData("/#/dns/web/http", "failed: 'http' is not a port")]
    [InlineData("/#/dns/web/0", "failed: '0' is not a port")]
    [InlineData("/#/dns/a..b/80", "failed: 'a..b' is not a name that DNS can ask for")]
    [InlineData("/#/dns/web", "~")]
    [InlineData("/#/dns", "~")]
    public void A_path_that_makes_no_sense_fails_and_one_that_is_too_short_is_neg(string path, string answer)
    {
        Assert.Equal(answer, _namer.Name(path));
        _time.Advance(0);
        Assert.Empty(_dns.Asked);
    }

    [Fact]
    public void An_address_is_its_own_answer()
    {
        Assert.Equal("10.0.0.9:80", Ask("/#/dns/10.0.0.9/80"));
        Assert.Equal("[::1]:80", Ask("/#/dns/::1/80"));
        Assert.Empty(_dns.Asked);
    }

    [Fact]
    public void A_host_is_asked_for_again_when_the_shortest_time_to_live_is_over()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 60).A("10.0.0.2", 20));
        Ask("/#/dns/web/80");
        _dns.Answer("web", "A", a => a.A("10.0.0.3", 20));
        _time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends("/#/dns/web/80"));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal("10.0.0.3:80", _namer.Ends("/#/dns/web/80"));
    }

    [Theory]
    [InlineData(0, 1.0, 1.1)]
    [InlineData(1_000_000, 300, 330)]
    public void Times_to_live_are_kept_within_bounds(int ttl, double min, double max)
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", ttl));
        Ask("/#/dns/web/80");
        _dns.Asked.Clear();
        _time.Advance(TimeSpan.FromSeconds(min - 0.01));
        Assert.Empty(_dns.Asked);
        _time.Advance(TimeSpan.FromSeconds(max - min + 0.02));
        Assert.NotEmpty(_dns.Asked);
    }

    [Fact]
    public void A_name_that_is_not_there_is_neg_for_as_long_as_the_zone_says()
    {
        Assert.Equal("~", Ask("/#/dns/nobody/80"));
        Assert.Equal("~", _namer.Name("/#/dns/nobody/80"));
        _dns.Asked.Clear();
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.Empty(_dns.Asked);
        _dns.Answer("nobody", "A", a => a.A("10.0.0.1", 60));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/dns/nobody/80"));
    }

    [Fact]
    public void A_name_without_addresses_exists_and_has_none()
    {
        _dns.Answer("mail", "MX", _ => { });
        Assert.Equal("$", Ask("/#/dns/mail/80"));
        Assert.Equal("/#/dns/mail/80", _namer.Name("/#/dns/mail/80"));
    }

    [Fact]
    public void Servers_that_fail_leave_what_was_known_and_are_told()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10));
        Ask("/#/dns/web/80");
        _dns.Answer("web", "A", a => a.Code = 2);
        _dns.Answer("web", "AAAA", a => a.Code = 2);
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/dns/web/80"));
        Assert.Equal(
            "/#/dns: the name server 10.0.0.53:53 answered that it failed",
            Assert.Single(_namer.Problems).ToString()
        );
        Assert.InRange(_namer.StaleFor(Naming.Path.Parse("/#/dns/web/80"))!.Value.TotalSeconds, 220, 240);
    }

    [Fact]
    public void One_familys_failure_does_not_hide_the_other()
    {
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10));
        _dns.Answer("web", "AAAA", a => a.Code = 2);
        Assert.Equal("10.0.0.1:80", Ask("/#/dns/web/80"));
        _dns.Answer("half", "AAAA", a => a.Code = 2);
        Assert.StartsWith("failed:", Ask("/#/dns/half/80"));
    }

    [Fact]
    public void A_silent_server_is_passed_over_for_the_next()
    {
        Create(
            new DnsNamerOptions { Servers = [IPEndPoint.Parse("10.0.0.53:5301"), IPEndPoint.Parse("10.0.0.54:5302")] }
        );
        _dns.Silent.Add("10.0.0.53:5301");
        _dns.Answer("web", "A", a => a.A("10.0.0.1", 10));
        Assert.Equal("pending", Ask("/#/dns/web/80"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/dns/web/80"));
        Assert.Equal(["web A 5301", "web AAAA 5301", "web A 5302", "web AAAA 5302"], _dns.Asked);
    }

    [Fact]
    public void An_answer_that_does_not_fit_is_asked_for_over_tcp()
    {
        _dns.Answer("web", "A", a => a.IsCut = true);
        _dns.Answer("web", "A tcp", a => a.A("10.0.0.1", 10));
        Assert.Equal("10.0.0.1:80", Ask("/#/dns/web/80"));
        Assert.Contains("web A tcp", _dns.Asked);
    }

    [Fact]
    public void Aliases_are_followed_within_an_answer_and_beyond_it()
    {
        _dns.Answer("web", "A", a => a.Cname("lb", 5).A("10.0.0.1", 60, "lb"));
        _dns.Answer("web", "AAAA", a => a.Cname("lb", 60));
        _dns.Answer("lb", "AAAA", a => a.A("fd00::1", 60));
        Assert.Equal("10.0.0.1:80 [fd00::1]:80", Ask("/#/dns/web/80"));
        _dns.Asked.Clear();
        _time.Advance(TimeSpan.FromSeconds(5.6));
        Assert.NotEmpty(_dns.Asked);
    }

    [Fact]
    public void Aliases_in_a_circle_come_to_an_end()
    {
        _dns.Answer("a", "A", a => a.Cname("b", 60));
        _dns.Answer("b", "A", a => a.Cname("a", 60));
        Assert.Equal("failed: /#/dns: a leads through more than 8 aliases", Ask("/#/dns/a/80"));
        Assert.InRange(_dns.Asked.Count, 8, 20);
    }
}
