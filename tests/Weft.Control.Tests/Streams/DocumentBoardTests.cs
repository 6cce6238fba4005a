using Weft.Api.Mesh;

namespace Weft.Control.Tests.Streams;

/// <summary>What a proxy is sent of documents, however it came to have those that it has.</summary>
public class DocumentBoardTests
{
    private readonly ProxyConnection _connection = new(new Hello { ProxyId = "one" }, TimeProvider.System);
    private NamespaceView _view = NamespaceView.Empty("default");
    private DocumentBoard _board = DocumentBoard.Empty;
    private int _revision;

    [Fact]
    public void who_has_all_of_the_board_before_is_sent_what_has_changed()
    {
        Write("a", "1");
        Write("b", "1");
        Assert.Equal(["a=1", "b=1"], Told());
        Write("b", "2");
        Assert.True(_board.Changed.Count == 1 && _board.Gone.Count == 0);
        Assert.Equal(["b=2"], Told());
        Write("a", null);
        Assert.True(_board.Changed.Count == 0 && _board.Gone.Count == 1);
        Assert.Equal(["a gone"], Told());
        Write("a", "1");
        Assert.Equal(["a=1"], Told());
    }

    [Fact]
    public void who_has_missed_a_board_is_sent_the_difference_all_the_same()
    {
        Write("a", "1");
        Write("b", "1");
        Told();
        Write("a", "2");
        Write("b", null);
        Write("c", "1");
        Assert.Equal(["a=2", "b gone", "c=1"], Told());
    }

    [Fact]
    public void what_the_store_has_never_heard_of_stays_until_it_is_removed_here()
    {
        Write("a", "1");
        _connection.SubscribeDocuments([(Key("a"), _board.All[0].Version), (Key("lost"), 7)]);
        Assert.Empty(Told());
        Write("a", "2");
        Assert.Equal(["a=2"], Told());
        // Written and removed between two boards.
        WriteUnseen("lost", "1");
        Write("lost", null);
        Assert.Equal(["lost gone"], Told());
        Write("a", "3");
        Assert.Equal(["a=3"], Told());
    }

    [Fact]
    public void who_asks_anew_is_compared_with_everything()
    {
        Write("a", "1");
        Write("b", "1");
        Told();
        _connection.SubscribeDocuments([(Key("b"), 7)]);
        Write("c", "1");
        Assert.Equal(["a=1", "b=1", "c=1"], Told());
        _connection.Unsubscribe(Key("a"));
        Write("c", "2");
        Assert.Equal(["a=1", "c=2"], Told());
    }

    private static ResourceKey Key(string name) => new(ResourceType.Document, $"Service/{name}");

    private void WriteUnseen(string name, string? text) =>
        _view = _view.With([
            new DocumentRevision(
                new DocumentKey("Service", name),
                text,
                ++_revision,
                1,
                "tester",
                DateTimeOffset.UnixEpoch
            ),
        ]);

    private void Write(string name, string? text)
    {
        WriteUnseen(name, text);
        _board = _board.With(_view);
    }

    private string[] Told()
    {
        _connection.Offer(_board);
        return
        [
            .. (_connection.Take() ?? [])
                .SelectMany(part => ControlMessage.Parser.ParseFrom(part.Span).Resources)
                .Select(r => r.Name.Name["Service/".Length..] + (r.Absent ? " gone" : $"={r.Document}"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
