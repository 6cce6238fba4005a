using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Vectors;

/// <summary>Vectors of the built-ins. The number in a name is the row in the table of vectors.</summary>
public sealed class BuiltInVectors
{
    [Theory]
    [InlineData("/$/io.buoyant.porthostPfx/ia/127.1:8080/etc", "/ia/8080/127.1/etc")] // row 47
    [InlineData("/$/io.buoyant.http.anyMethod/GET/foo", "/foo")] // row 48
    [InlineData("/$/io.buoyant.hostportPfx/pfx/host:port/etc", "/pfx/host/port/etc")]
    [InlineData("/$/io.buoyant.http.domainToPathPfx/pfx/a.b.c/etc", "/pfx/c/b/a/etc")]
    [InlineData("/$/io.buoyant.http.domainToPath/a.b.c./etc", "/c/b/a/etc")]
    [InlineData("/$/io.buoyant.http.subdomainOfPfx/dom.io/pfx/sub.dom.io:80/etc", "/pfx/sub/etc")]
    [InlineData("/$/io.buoyant.http.subdomainOf/dom.io/a.b.dom.io", "/a.b")]
    [InlineData("/$/io.buoyant.http.anyMethodPfx/pfx/GET/foo", "/pfx/foo")]
    [InlineData("/$/io.buoyant.http.anyHost/a.b:80/foo", "/foo")]
    [InlineData("/$/io.buoyant.http.anyHostPfx/pfx/a.b/foo", "/pfx/foo")]
    [InlineData("/$/anyHost/a.b/foo", "/foo")]
    [InlineData("/$/io.buoyant.anyHost/a.b/foo", "/foo")]
    [InlineData("/$/http.anyHost/a.b/foo", "/foo")]
    [InlineData("/$/porthostPfx/ia/127.1:8080/etc", "/ia/8080/127.1/etc")]
    public void Rows47_48_rewriters_lead_to_another_path(string path, string rewritten)
    {
        var namer = new ScriptedNamer();
        Assert.Equal("~", Show.Bind("", path, namer));
        Assert.Equal([path, rewritten], namer.Asked);
    }

    [Theory]
    [InlineData("/$/io.buoyant.http.anyMethod/A.B/foo")] // row 48
    [InlineData("/$/io.buoyant.http.anyHost/a%b/foo")] // row 48
    [InlineData("/$/io.buoyant.http.anyHost")]
    [InlineData("/$/io.buoyant.http.anyMethodPfx/pfx")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/host/etc")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/::1:80/etc")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/host:-x")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/host:Http")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/host:")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx/:80")]
    [InlineData("/$/io.buoyant.hostportPfx/pfx")]
    [InlineData("/$/io.buoyant.http.domainToPath/a..c")]
    [InlineData("/$/io.buoyant.http.domainToPath/.")]
    [InlineData("/$/io.buoyant.http.subdomainOf/dom.io/dom.io")]
    [InlineData("/$/io.buoyant.http.subdomainOf/dom.io/.dom.io")]
    [InlineData("/$/io.buoyant.http.subdomainOf/dom.io/evildom.io")]
    [InlineData("/$/io.buoyant.rinet/80")]
    [InlineData("/$")]
    public void Row48_a_path_of_another_shape_is_neg(string path)
    {
        var namer = new ScriptedNamer();
        Assert.Equal("~", Show.Bind("", path, namer));
        Assert.Equal([path], namer.Asked);
    }

    [Fact]
    public void A_port_name_has_63_characters_at_most()
    {
        var longest = new string('p', 63);
        Assert.Equal(
            $"/pfx/h/{longest}",
            BuiltIn.Lookup(Path.Parse($"/$/io.buoyant.hostportPfx/pfx/h:{longest}")).Rewritten?.ToString()
        );
        Assert.Null(BuiltIn.Lookup(Path.Parse($"/$/io.buoyant.hostportPfx/pfx/h:{longest}p")).Rewritten);
    }

    [Fact]
    public void Row50_rinet_has_the_port_first()
    {
        Assert.Equal(
            "/$/io.buoyant.rinet/12345/localhost [/residual]",
            Show.Bind("", "/$/io.buoyant.rinet/12345/localhost/residual")
        );
        var id = Path.Parse("/$/io.buoyant.rinet/12345/localhost");
        Assert.True(InetEndpoints.TryParse(id, out var host, out var port));
        Assert.Equal(("localhost", 12345), (host, port));
    }

    [Fact]
    public void What_a_rewriter_makes_goes_through_the_table_again() =>
        Assert.Equal(
            "/$/inet/10.0.0.1/80 [/x]",
            Show.Bind(
                "/svc => /$/io.buoyant.http.domainToPathPfx/by; /by/org/example => /$/inet/10.0.0.1/80",
                "/svc/example.org/x"
            )
        );

    [Fact]
    public void An_unknown_kind_failed_rather_than_neg() =>
        Assert.Equal(
            "failed: /$/nosuch/x: there is no built-in namer /$/nosuch",
            Show.Bind("", "/$/nosuch/x | /$/nil")
        );

    [Theory]
    [InlineData("/$/inet/::1/80", "::1")]
    [InlineData("/$/inet/fe80::1%eth0/80", "fe80::1%eth0")]
    [InlineData("/$/fixedinet/example.org/80", "example.org")]
    [InlineData("/$/io.buoyant.rinet/80/2001:db8::1", "2001:db8::1")]
    public void Hosts_are_names_and_addresses_without_brackets(string id, string host)
    {
        Assert.Equal(id, Show.Bind("", id));
        Assert.True(InetEndpoints.TryParse(Path.Parse(id), out var found, out var port));
        Assert.Equal((host, 80), (found, port));
    }

    [Theory]
    [InlineData("/$/inet/host/0")]
    [InlineData("/$/inet/host/65536")]
    [InlineData("/$/inet/host/99999999999999999999")]
    [InlineData("/$/inet/host/http")]
    [InlineData("/$/inet/a:b/80")]
    [InlineData("/$/inet/ho%st/80")]
    [InlineData("/$/io.buoyant.rinet/http/host")]
    public void An_address_that_makes_no_sense_failed(string id)
    {
        Assert.StartsWith("failed: ", Show.Bind("", id));
        Assert.False(InetEndpoints.TryParse(Path.Parse(id), out _, out _));
    }

    [Theory]
    [InlineData("/#/file/web")]
    [InlineData("/$/nil/80")]
    [InlineData("/$/inet/host/80/residual")]
    [InlineData("/")]
    public void Other_ids_are_no_addresses(string id) =>
        Assert.False(InetEndpoints.TryParse(Path.Parse(id), out _, out _));

    [Fact]
    public void Only_fixedinet_is_resolved_once()
    {
        Assert.True(InetEndpoints.ResolvesOnce(Path.Parse("/$/fixedinet/h/80")));
        Assert.False(InetEndpoints.ResolvesOnce(Path.Parse("/$/inet/h/80")));
    }
}
