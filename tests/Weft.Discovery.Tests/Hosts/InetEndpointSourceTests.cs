using Weft.Naming;

namespace Weft.Discovery.Tests.Hosts;

public sealed class InetEndpointSourceTests
{
    private readonly VirtualTime _time = new();
    private readonly FakeDns _dns = new();
    private readonly InetEndpointSource _source;

    public InetEndpointSourceTests() =>
        _source = new InetEndpointSource(new HostResolver(_dns.Ask, _time, new Random(1)));

    private string List(string path) => List(_source, path);

    private static string List(IEndpointSource source, string path) =>
        source.Endpoints(Naming.Path.Parse(path)) switch
        {
            EndpointSet.Known known => string.Join(", ", known.Endpoints.Select(e => e.Address)),
            EndpointSet.Failed failed => "failed: " + failed.Message,
            EndpointSet.Neg => "~",
            _ => "pending",
        };

    [Theory]
    [InlineData("/$/inet/10.0.0.1/80", "10.0.0.1:80")]
    [InlineData("/$/inet/8080", "127.0.0.1:8080")]
    [InlineData("/$/io.buoyant.rinet/80/10.0.0.1", "10.0.0.1:80")]
    [InlineData("/$/inet/::1/80", "[::1]:80")]
    [InlineData("/$/nil", "~")]
    [InlineData("/#/file/web", "~")]
    [InlineData("/", "~")]
    public void A_name_with_an_address_is_its_own_endpoint(string path, string endpoints) =>
        Assert.Equal(endpoints, List(path));

    [Fact]
    public void A_name_with_a_host_is_pending_and_then_all_of_its_addresses()
    {
        _dns.Set("web", "10.0.0.1", "10.0.0.2");
        Assert.Equal("pending", List("/$/inet/web/80"));
        _time.Advance(0);
        Assert.Equal("10.0.0.1:80, 10.0.0.2:80", List("/$/inet/web/80"));
        Assert.Equal("10.0.0.1:81, 10.0.0.2:81", List("/$/inet/web/81"));
        Assert.Same(
            _source.Endpoints(Naming.Path.Parse("/$/inet/web/80")),
            _source.Endpoints(Naming.Path.Parse("/$/inet/web/80"))
        );
    }

    [Fact]
    public void A_host_that_fails_or_does_not_exist_says_so()
    {
        _dns.Fail("down");
        List("/$/inet/down/80");
        List("/$/inet/absent/80");
        _time.Advance(0);
        Assert.StartsWith("failed: down was not resolved", List("/$/inet/down/80"));
        Assert.Equal("~", List("/$/inet/absent/80"));
    }

    [Fact]
    public void A_fixed_name_keeps_its_first_addresses()
    {
        _dns.Set("web", "10.0.0.1");
        List("/$/fixedinet/web/80");
        _time.Advance(0);
        _dns.Set("web", "10.0.0.2");
        _time.Advance(60_000);
        Assert.Equal("10.0.0.1:80", List("/$/fixedinet/web/80"));
    }

    [Fact]
    public void Of_several_sources_the_first_that_knows_the_name_answers()
    {
        var composite = new CompositeEndpointSource([new Fixed("/a", "first"), new Fixed("/b", "second"), _source]);
        Assert.Equal("failed: first", List(composite, "/a"));
        Assert.Equal("failed: second", List(composite, "/b"));
        Assert.Equal("10.0.0.1:80", List(composite, "/$/inet/10.0.0.1/80"));
        Assert.Equal("~", List(composite, "/c"));
    }

    private sealed class Fixed(string path, string message) : IEndpointSource
    {
        public EndpointSet Endpoints(Naming.Path concreteName) =>
            concreteName.ToString() == path ? new EndpointSet.Failed(message) : EndpointSet.Neg.Instance;
    }
}
