using Weft.Api.Mesh;

namespace Weft.Control.Tests.Streams;

public class ProxyConnectionTests
{
    private static readonly ResourceKey s_name = new(ResourceType.Endpoints, "/#/file/web");
    private static readonly ResourceKey s_document = new(ResourceType.Document, "Dtab/default");

    private readonly ProxyConnection _connection = new(new Hello { ProxyId = "one" }, TimeProvider.System);

    [Fact]
    public void a_name_counts_once_however_often_it_is_asked_for_and_no_longer_when_it_is_given_up()
    {
        Assert.True(_connection.Subscribe(s_name, known: 0));
        Assert.True(_connection.Subscribe(s_name, known: 7));
        Assert.Equal(1, _connection.Info().Subscriptions);
        Assert.Equal([s_name], _connection.Subscriptions);

        _connection.Unsubscribe(s_name);
        _connection.Unsubscribe(s_name);
        Assert.Equal(0, _connection.Info().Subscriptions);
        Assert.Empty(_connection.Subscriptions);
    }

    [Fact]
    public void documents_are_no_names()
    {
        _connection.SubscribeDocuments([(s_document, 7)]);
        Assert.Empty(_connection.Subscriptions);
        _connection.Unsubscribe(s_document);
        Assert.Equal(0, _connection.Info().Subscriptions);
    }

    [Fact]
    public void a_name_that_is_refused_is_answered_and_not_kept()
    {
        _connection.Offer(EncodedResource.Of(s_name, new Resource { Refused = "no name" }));
        Assert.Single(_connection.Take()!);
        Assert.Empty(_connection.Subscriptions);
        _connection.Unsubscribe(s_name);
        Assert.Equal(0, _connection.Info().Subscriptions);
    }

    [Fact]
    public void what_is_known_is_not_sent_again_also_after_many_resources_at_once()
    {
        var many = Enumerable
            .Range(0, 100)
            .Select(i => EncodedResource.Of(Key(i), new Resource { Binding = new Binding { Failed = $"{i}" } }))
            .ToArray();
        foreach (var resource in many)
        {
            Assert.True(_connection.Subscribe(resource.Key, known: 0));
            _connection.Offer(resource);
        }

        Assert.Equal(many.Length, _connection.Take()!.Count);
        foreach (var resource in many)
        {
            _connection.Offer(resource);
        }

        Assert.Null(_connection.Take());

        static ResourceKey Key(int number) => new(ResourceType.Binding, $"/#/file/service-{number}");
    }
}
