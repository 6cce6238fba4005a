using Weft.Api.Mesh;

namespace Weft.Control.Tests.Streams;

public sealed class BehindSinceTests
{
    private readonly VirtualTime _time = new();
    private readonly ProxyConnection _proxy;

    public BehindSinceTests() => _proxy = new ProxyConnection(new Hello { ProxyId = "web-1" }, _time);

    private void Acknowledge(ulong number) => _proxy.OnAcknowledged(new Acknowledgement { Number = number });

    [Fact]
    public void a_proxy_is_behind_since_it_was_first_sent_what_it_has_not_acknowledged()
    {
        Assert.Null(_proxy.Info().BehindSince);
        var sent = _time.GetUtcNow();
        _proxy.NextNumber();
        _time.Advance(TimeSpan.FromSeconds(5));
        _proxy.NextNumber();
        Assert.Equal(sent, _proxy.Info().BehindSince);
        Acknowledge(2);
        Assert.Null(_proxy.Info().BehindSince);
    }

    [Fact]
    public void a_proxy_that_acknowledges_something_is_on_its_way_and_one_that_repeats_itself_is_not()
    {
        _proxy.NextNumber();
        _proxy.NextNumber();
        _time.Advance(TimeSpan.FromSeconds(5));
        var moved = _time.GetUtcNow();
        Acknowledge(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Acknowledge(1);
        Acknowledge(0);
        Assert.Equal(moved, _proxy.Info().BehindSince);
    }
}
