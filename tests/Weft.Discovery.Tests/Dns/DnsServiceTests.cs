using System.Net;

namespace Weft.Discovery.Tests.Dns;

public sealed class DnsServiceTests : IAsyncDisposable
{
    private const string Name = "/#/dns/_http._tcp.web";

    private readonly VirtualTime _time = new();
    private readonly ScriptedDns _dns = new();
    private readonly IDiscoveryNamer _namer;

    public DnsServiceTests() =>
        _namer = DnsNamer.Create(
            Naming.Path.Parse("/#/dns"),
            new DnsNamerOptions { Servers = [IPEndPoint.Parse("10.0.0.53:53")] },
            _dns,
            _time,
            new Random(1)
        );

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private string Ask(Action<DnsWriter> answer)
    {
        _dns.Answer("_http._tcp.web", "SRV", answer);
        _namer.Ends(Name);
        _time.Advance(0);
        return _namer.Ends(Name);
    }

    private void Host(string name, params string[] addresses) =>
        _dns.Answer(name, "A", a => Array.ForEach(addresses, address => a.A(address, 60)));

    [Fact]
    public void A_service_is_the_hosts_and_ports_of_its_records()
    {
        Host("a", "10.0.0.1");
        Host("b", "10.0.0.2");
        Assert.Equal("10.0.0.1:8080 10.0.0.2:8081", Ask(a => a.Srv(0, 0, 8080, "a", 60).Srv(0, 0, 8081, "b", 60)));
        Assert.Equal($"{Name} [/80]", _namer.Name(Name + "/80"));
    }

    [Fact]
    public void Weights_are_shares_of_a_host_and_zero_is_hardly_ever()
    {
        Host("a", "10.0.0.1", "10.0.0.2");
        Host("b", "10.0.0.3");
        Host("c", "10.0.0.4");
        Assert.Equal(
            "10.0.0.1:80*5 10.0.0.2:80*5 10.0.0.3:80*30 10.0.0.4:80*0.01",
            Ask(a => a.Srv(0, 10, 80, "a", 60).Srv(0, 30, 80, "b", 60).Srv(0, 0, 80, "c", 60))
        );
    }

    [Fact]
    public void Only_the_most_preferred_priority_that_has_addresses_counts()
    {
        Host("b", "10.0.0.2");
        Host("c", "10.0.0.3");
        Assert.Equal(
            "10.0.0.2:80",
            Ask(a => a.Srv(20, 0, 80, "c", 60).Srv(10, 0, 80, "b", 60).Srv(5, 0, 80, "nobody", 60))
        );
    }

    [Fact]
    public void Addresses_that_come_along_are_not_asked_for()
    {
        Assert.Equal("10.0.0.1:80", Ask(a => a.Srv(0, 0, 80, "a", 60).A("10.0.0.1", 60, "a")));
        Assert.Equal(["_http._tcp.web SRV"], _dns.Asked);
    }

    [Fact]
    public void A_service_that_is_decidedly_not_available_has_no_endpoints()
    {
        Assert.Equal("$", Ask(a => a.Srv(0, 0, 0, "", 60)));
    }

    [Fact]
    public void A_service_that_is_not_there_is_neg()
    {
        _namer.Ends(Name);
        _time.Advance(0);
        Assert.Equal("~", _namer.Ends(Name));
    }

    [Fact]
    public void A_host_that_cannot_be_resolved_keeps_the_whole_service_as_it_was()
    {
        Host("a", "10.0.0.1");
        Ask(a => a.Srv(0, 0, 80, "a", 10));
        _dns.Answer("b", "A", a => a.Code = 2);
        _dns.Answer("_http._tcp.web", "SRV", a => a.Srv(0, 0, 80, "a", 10).Srv(0, 0, 80, "b", 10));
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Name));
        Assert.NotEmpty(_namer.Problems);
    }
}
