using Weft.Naming;

namespace Weft.Discovery.Tests.Remote;

public sealed class RemoteNamerTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly RemoteNamer<EndpointSet> _namer;

    public RemoteNamerTests()
    {
        var table = new WatchTable<EndpointSet>(
            _source,
            EndpointSetComparer.Instance,
            new WatchOptions(),
            _time,
            new Random(1)
        );
        _namer = new RemoteNamer<EndpointSet>(Naming.Path.Parse("/#/x"), new ScriptedScheme(), table);
    }

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private ScriptedSource.Session SessionOf(string key) => _source.Sessions.Last(s => s.Key == key);

    [Fact]
    public void A_path_of_others_is_neg_and_opens_nothing()
    {
        Assert.Equal("~", _namer.Name("/#/y/web"));
        Assert.Equal("~", _namer.Name("/#/x"));
        Assert.Equal("~", _namer.Ends("/#/y/web"));
        _time.Advance(0);
        Assert.Empty(_source.Sessions);
    }

    [Fact]
    public void The_longest_name_that_exists_is_bound_and_the_rest_is_residual()
    {
        Assert.Equal("pending", _namer.Name("/#/x/shop/web"));
        _time.Advance(0);
        SessionOf("shop/web").Deny();
        Assert.Equal("pending", _namer.Name("/#/x/shop/web"));
        _time.Advance(0);
        SessionOf("shop").Say("10.0.0.1:80");
        Assert.Equal("/#/x/shop [/web]", _namer.Name("/#/x/shop/web"));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/x/shop"));
        Assert.Equal("~", _namer.Ends("/#/x/shop/web"));
        SessionOf("shop/web").Say();
        Assert.Equal("/#/x/shop/web", _namer.Name("/#/x/shop/web"));
        Assert.Equal("$", _namer.Ends("/#/x/shop/web"));
    }

    [Fact]
    public void A_backend_that_is_down_from_the_start_fails_names_and_does_not_deny_them()
    {
        _namer.Name("/#/x/web");
        _time.Advance(0);
        _source.Last.Fail("no route");
        Assert.Equal("failed: /#/x: no route", _namer.Name("/#/x/web"));
        Assert.Equal("failed: /#/x: no route", _namer.Ends("/#/x/web"));
        Assert.Equal("/#/x: no route", Assert.Single(_namer.Problems).ToString());
        Assert.Null(_namer.StaleFor(Naming.Path.Parse("/#/x/web")));
    }

    [Fact]
    public void A_backend_that_goes_away_leaves_names_bound_and_tells_for_how_long()
    {
        _namer.Name("/#/x/web");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        Assert.Null(_namer.StaleFor(Naming.Path.Parse("/#/x/web")));
        _source.Last.Fail("gone");
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("/#/x/web", _namer.Name("/#/x/web"));
        Assert.Equal(TimeSpan.FromMinutes(4), _namer.StaleFor(Naming.Path.Parse("/#/x/web")));
    }

    [Fact]
    public void A_source_fails_for_as_long_as_its_oldest_watch_that_fails()
    {
        _namer.Name("/#/x/web");
        _namer.Name("/#/x/shop");
        _time.Advance(0);
        SessionOf("web").Say("10.0.0.1:80");
        Assert.Null(_namer.FailingFor);
        _time.Advance(TimeSpan.FromMinutes(1));
        SessionOf("shop").Say("10.0.0.2:80");
        SessionOf("shop").Fail("gone");
        Assert.Equal(TimeSpan.Zero, _namer.FailingFor);
        SessionOf("web").Fail("gone");
        Assert.Equal(TimeSpan.FromMinutes(1), _namer.FailingFor);
    }

    [Fact]
    public void A_path_that_makes_no_sense_fails()
    {
        Assert.Equal("failed: bad is no name", _namer.Name("/#/x/bad"));
        Assert.Equal("failed: bad is no name", _namer.Ends("/#/x/bad"));
    }
}
