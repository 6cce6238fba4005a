using Weft.Naming;

namespace Weft.Discovery.Tests.Namers;

public sealed class EmptyIsNegNamerTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly HoldingNamer _namer;

    public EmptyIsNegNamerTests()
    {
        var table = new WatchTable<EndpointSet>(
            _source,
            EndpointSetComparer.Instance,
            new WatchOptions(),
            _time,
            new Random(1)
        );
        var remote = new RemoteNamer<EndpointSet>(Naming.Path.Parse("/#/x"), new ScriptedScheme(), table);
        // As the factory puts them together.
        _namer = new HoldingNamer(new EmptyIsNegNamer(remote), TimeSpan.FromSeconds(30), _time);
    }

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private ScriptedSource.Session Watch(string path)
    {
        _namer.Name("/#/x/" + path);
        _time.Advance(0);
        return _source.Sessions.Single(s => s.Key == path);
    }

    [Fact]
    public void A_name_without_endpoints_is_neg_until_it_has_some()
    {
        var web = Watch("web");
        Assert.Equal("pending", _namer.Name("/#/x/web"));
        web.Say();
        Assert.Equal("~", _namer.Name("/#/x/web"));
        Assert.Equal("~", _namer.Ends("/#/x/web"));
        web.Say("10.0.0.1:80");
        Assert.Equal("/#/x/web", _namer.Name("/#/x/web"));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/x/web"));
    }

    [Fact]
    public void A_shorter_name_counts_when_the_longer_is_empty()
    {
        var inner = Watch("web/inner");
        var web = _source.Sessions.SingleOrDefault(s => s.Key == "web") ?? Watch("web");
        inner.Say();
        web.Say("10.0.0.1:80");
        Assert.Equal("/#/x/web [/inner]", _namer.Name("/#/x/web/inner"));
        web.Say();
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("~", _namer.Name("/#/x/web/inner"));
        inner.Say("10.0.0.2:80");
        Assert.Equal("/#/x/web/inner", _namer.Name("/#/x/web/inner"));
    }

    [Fact]
    public void A_failure_is_passed_on()
    {
        Watch("web").Reject("nonsense");
        Assert.Equal("failed: /#/x: nonsense", _namer.Name("/#/x/web"));
    }

    [Fact]
    public void What_was_withdrawn_at_once_is_held_before_it_counts_as_absent()
    {
        var web = Watch("web");
        web.Say("10.0.0.1:80");
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/x/web"));
        web.Say();
        Assert.Equal("/#/x/web", _namer.Name("/#/x/web"));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("~", _namer.Name("/#/x/web"));
    }
}
