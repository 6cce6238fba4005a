namespace Weft.Http.Tests.Messages;

public sealed class FieldSectionTests
{
    [Fact]
    public void Fields_of_one_name_are_found_in_order_and_counted()
    {
        var head = Head("Via: 1\r\nA: x\r\nvia: 2\r\na: y\r\nVIA: 3\r\n");

        Assert.Equal((1, 3, 5), Walk(head, KnownHeader.Via));
        Assert.Equal(3, head.CountOf(KnownHeader.Via));
        Assert.Equal(0, head.CountOf(KnownHeader.Cookie));
        Assert.Equal((2, 4, -1), (head.Find("A"u8), head.Find("a"u8, 3), head.Find("a"u8, 5)));
        Assert.True(head.TryGet(KnownHeader.Via, out var value));
        Assert.Equal("1", Wire.Text(value));
        Assert.False(head.TryGet(KnownHeader.Cookie, out _));
    }

    [Fact]
    public void A_dropped_field_is_not_found_any_more()
    {
        var head = Head("Via: 1\r\nA: x\r\nvia: 2\r\na: y\r\nVIA: 3\r\n");

        head.Drop(1);
        Assert.Equal((3, 5, -1), Walk(head, KnownHeader.Via));
        head.Drop(5);
        Assert.Equal(1, head.CountOf(KnownHeader.Via));
        head.Drop(3);
        Assert.Equal((-1, 0), (head.Find(KnownHeader.Via), head.CountOf(KnownHeader.Via)));
        head.Drop(2);
        Assert.Equal(4, head.Find("a"u8));
        Assert.True(head.Fields[2].Dropped);
    }

    [Fact]
    public void All_fields_of_a_name_are_dropped_at_once()
    {
        var head = Head("Via: 1\r\nA: x\r\nvia: 2\r\n");
        head.Drop(KnownHeader.Via);
        head.Drop(KnownHeader.Cookie);
        Assert.Equal("Host: h\r\nA: x\r\n", Wire.Written(head));
        Assert.Equal(-1, head.Find(KnownHeader.Via));
    }

    [Fact]
    public void A_head_that_is_reset_is_empty()
    {
        var head = Head("Content-Length: 5\r\nConnection: close\r\n");
        head.Reset();
        Assert.Equal((0, -1, -1L), (head.Count, head.Find(KnownHeader.Host), head.ContentLength));
        Assert.Equal((0, 0, BodyKind.None), (head.Authority.Length, head.Path.Length, head.Body));
    }

    private static (int, int, int) Walk(FieldSection section, KnownHeader known)
    {
        var first = section.Find(known);
        var second = section.FindNext(known, first);
        return (first, second, second < 0 ? -1 : section.FindNext(known, second));
    }

    private static RequestHead Head(string fields) => Wire.Request($"GET / HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
}
