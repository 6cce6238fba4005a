using Weft.Api.Client;
using Weft.Api.Mesh;

namespace Weft.Api.Tests.Client;

public sealed class OutboxTests
{
    private readonly Outbox _outbox = new();

    private ProxyMessage? Take() => _outbox.Take((_, name) => name == "/#/known" ? 7UL : 0);

    [Fact]
    public void wishes_are_said_once_and_the_latest_counts()
    {
        _outbox.Watch(ResourceType.Endpoints, "/#/known", isWanted: true);
        _outbox.Watch(ResourceType.Endpoints, "/#/known", isWanted: true);
        _outbox.Watch(ResourceType.Binding, "/#/x", isWanted: true);
        _outbox.Watch(ResourceType.Binding, "/#/x", isWanted: false);

        var said = Take();
        Assert.Equal(("/#/known", 7UL), (Assert.Single(said!.Subscribe).Name.Name, said.Subscribe[0].KnownVersion));
        Assert.Equal("/#/x", Assert.Single(said.Unsubscribe).Name);
        Assert.Null(Take());
    }

    [Fact]
    public void many_names_go_in_several_messages()
    {
        for (var i = 0; i < 2500; i++)
        {
            _outbox.Watch(ResourceType.Binding, $"/#/{i}", isWanted: true);
        }

        var counts = new List<int>();
        while (Take() is { } message)
        {
            counts.Add(message.Subscribe.Count);
        }

        Assert.Equal([1000, 1000, 500], counts);
    }

    [Fact]
    public void what_was_taken_in_and_what_was_refused_is_acknowledged()
    {
        _outbox.Acknowledge(1, []);
        _outbox.Acknowledge(2, [new Refusal { Reason = "no" }]);
        var said = Take()!.Acknowledge;
        Assert.Equal((2UL, "no"), (said.Number, Assert.Single(said.Refusals).Reason));
        Assert.Null(Take());

        _outbox.Acknowledge(3, []);
        _outbox.Restart();
        Assert.Null(Take());
    }
}
