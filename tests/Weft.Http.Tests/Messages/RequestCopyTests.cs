namespace Weft.Http.Tests.Messages;

/// <summary>A copy of a request's head says what the original said, whatever becomes of that.</summary>
public sealed class RequestCopyTests
{
    public static TheoryData<string> Requests => [.. Samples.Requests];

    [Theory]
    [MemberData(nameof(Requests))]
    public void It_outlives_the_originals_bytes(string text)
    {
        var original = Wire.Request(text);
        var said = Wire.Describe(original);
        var copy = new RequestHead();

        copy.CopyFrom(original, new byte[original.Extent]);
        original.Buffer.AsSpan().Fill((byte)'#');

        Assert.Equal(said, Wire.Describe(copy));
    }

    [Fact]
    public void What_was_changed_in_the_original_is_changed_in_it()
    {
        var original = Wire.Request("GET /a HTTP/1.1\r\nHost: web\r\nA: 1\r\nVia: x\r\nVia: y\r\n\r\n");
        original.SetPath("/other"u8);
        original.SetAuthority("inner"u8);
        original.Drop(original.Find("a"u8));
        original.Drop(original.Find(KnownHeader.Via));
        var copy = Wire.Request("POST /before HTTP/1.1\r\nHost: before\r\nB: 1\r\n\r\n");

        copy.CopyFrom(original, new byte[original.Extent]);
        original.SetPath("/later"u8);
        original.SetAuthority("later"u8);

        Assert.Equal(("/other", "inner"), (Wire.Text(copy.Path), Wire.Text(copy.Authority)));
        Assert.Equal((-1, -1, -1), (copy.Find("a"u8), copy.Find("b"u8), copy.Find(KnownHeader.Host)));
        Assert.True(copy.TryGet(KnownHeader.Via, out var via));
        Assert.Equal("y", Wire.Text(via));
        Assert.Equal(RequestMethod.Get, copy.Method);
    }
}
