using Weft.Naming;

namespace Weft.Discovery.Tests.Holding;

public sealed class HoldingNamerTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly HoldingNamer _namer;
    private int _changes;

    public HoldingNamerTests()
    {
        var table = new WatchTable<EndpointSet>(
            _source,
            EndpointSetComparer.Instance,
            new WatchOptions(),
            _time,
            new Random(1)
        );
        var inner = new RemoteNamer<EndpointSet>(Naming.Path.Parse("/#/x"), new ScriptedScheme(), table);
        _namer = new HoldingNamer(inner, TimeSpan.FromSeconds(30), _time);
        _namer.Changed += () => _changes++;
    }

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private void KnowWeb()
    {
        _namer.Name("/#/x/web");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        Assert.Equal("/#/x/web", _namer.Name("/#/x/web"));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", _namer.Ends("/#/x/web"));
    }

    [Fact]
    public void A_name_that_is_denied_stays_bound_until_that_is_confirmed()
    {
        KnowWeb();
        _source.Last.Deny();
        Assert.Equal("/#/x/web [/a]", _namer.Name("/#/x/web/a"));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", _namer.Ends("/#/x/web"));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("/#/x/web", _namer.Name("/#/x/web"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("~", _namer.Name("/#/x/web"));
        Assert.Equal("~", _namer.Ends("/#/x/web"));
    }

    [Fact]
    public void What_is_held_is_told_and_its_end_is_announced()
    {
        KnowWeb();
        _source.Last.Say();
        _namer.Ends("/#/x/web");
        var before = _changes;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEmpty(_namer.Problems);
        Assert.Null(_namer.FailingFor);
        Assert.Equal(before + 1, _changes);
        Assert.Equal(
            "/#/x/web: 3 endpoints were withdrawn at once; they stay in use until that has been so for 30 s",
            Assert.Single(_namer.Problems).ToString()
        );
        _time.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal(before + 1, _changes);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(before + 2, _changes);
        Assert.Empty(_namer.Problems);
        Assert.Equal("$", _namer.Ends("/#/x/web"));
    }

    [Fact]
    public void While_the_source_is_away_nothing_is_given_up()
    {
        KnowWeb();
        _source.Last.Say("10.0.0.1:80");
        _namer.Ends("/#/x/web");
        _source.Last.Fail("gone");
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(16));
            _source.Last.Fail("gone");
        }
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", _namer.Ends("/#/x/web"));
        _time.Advance(TimeSpan.FromSeconds(16));
        _source.Last.Say("10.0.0.1:80");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/x/web"));
    }

    [Fact]
    public void A_watch_that_was_closed_meanwhile_begins_from_nothing()
    {
        KnowWeb();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("pending", _namer.Ends("/#/x/web"));
        _time.Advance(0);
        _source.Last.Say("10.0.0.9:80");
        Assert.Equal("10.0.0.9:80", _namer.Ends("/#/x/web"));
    }
}
