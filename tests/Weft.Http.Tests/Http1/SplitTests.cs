namespace Weft.Http.Tests.Http1;

/// <summary>However the bytes are cut into pieces, the outcome is the same.</summary>
public sealed class SplitTests
{
    private static readonly string[] AllRequests = [.. Samples.Requests, .. Samples.BadRequests];

    public static TheoryData<int> Requests => [.. Enumerable.Range(0, AllRequests.Length)];
    public static TheoryData<int> Responses => [.. Enumerable.Range(0, Samples.Responses.Length)];
    public static TheoryData<int> Bodies => [.. Enumerable.Range(0, Samples.Bodies.Length)];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_cut_anywhere_is_the_same_request(int sample)
    {
        var bytes = Wire.Bytes(AllRequests[sample]);
        var whole = ParseRequest(bytes, 0, bytes.Length);
        for (var cut = 0; cut < bytes.Length; cut += Stride(bytes.Length))
        {
            Assert.Equal(whole, ParseRequest(bytes, cut, bytes.Length - cut));
        }

        Assert.Equal(whole, ParseRequest(bytes, 0, 1));
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_response_cut_anywhere_is_the_same_response(int sample)
    {
        var bytes = Wire.Bytes(Samples.Responses[sample]);
        var whole = ParseResponse(bytes, 0, bytes.Length);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, ParseResponse(bytes, cut, bytes.Length - cut));
        }

        Assert.Equal(whole, ParseResponse(bytes, 0, 1));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_the_same_whatever_lies_behind_what_has_come(int sample)
    {
        // Lines that lie far enough before the buffer's end are looked at as a whole; here none was.
        var bytes = Wire.Bytes(AllRequests[sample]);
        var alone = ParseRequest(bytes, 0, 1);
        foreach (var filler in "\0\t\r\n: a\x7f\xff")
        {
            byte[] fence = [.. Enumerable.Repeat((byte)filler, 100)];
            byte[] fenced = [.. fence, .. bytes, .. fence];
            for (var cut = 0; cut < bytes.Length; cut += Stride(bytes.Length))
            {
                var parser = new Http1RequestParser();
                var head = new RequestHead();
                var status = parser.Parse(fenced, fence.Length, fence.Length + cut, head);
                if (status == ParseStatus.Incomplete)
                {
                    status = parser.Parse(fenced, fence.Length, fence.Length + bytes.Length, head);
                }

                Assert.Equal(alone, Outcome(status, parser, head));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_chunked_body_cut_anywhere_is_the_same_body(int sample)
    {
        var text = Samples.Bodies[sample];
        var whole = Chunks.Decode(text);
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                Assert.Equal(whole, Chunks.Decode(text, first, second));
            }
        }

        Assert.Equal(whole, Chunks.Decode(text, [.. Enumerable.Range(0, text.Length)]));
    }

    [Fact]
    public void Bytes_that_were_looked_at_are_not_looked_at_again()
    {
        // The long runs are spoilt behind the parser's back, byte by byte: a second look would refuse them.
        const string Text =
            "GET /ttttttttttttttt HTTP/1.1\r\nHOST: a\r\nX-nnnnnnnnnnnnnnnnn: vvvvvvvvvvvvvvvvv\r\n\r\n";
        var bytes = Wire.Bytes(Text);
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        for (var end = 1; end < bytes.Length; end++)
        {
            Assert.Equal(ParseStatus.Incomplete, parser.Parse(bytes, 0, end, head));
            if (Text[end - 1] is 't' or 'n' or 'v')
            {
                bytes[end - 1] = 0;
            }
        }

        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, 0, bytes.Length, head));
    }

    // The long samples are bad in one place; every cut near their ends and a spread of cuts between is enough.
    private static int Stride(int length) => length < 1000 ? 1 : 97;

    // First 'first' bytes, then steps of 'step'. Each time the bytes lie somewhere else, and nothing is there behind them.
    private static string ParseRequest(byte[] bytes, int first, int step)
    {
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        var status = ParseStatus.Incomplete;
        for (var end = first; status == ParseStatus.Incomplete && end <= bytes.Length; end += step)
        {
            var offset = end % 5;
            status = parser.Parse(Moved(bytes, offset, end), offset, offset + end, head);
            Assert.True(status != ParseStatus.Incomplete || parser.Reason == RejectReason.None);
        }

        return Outcome(status, parser, head);
    }

    private static string Outcome(ParseStatus status, Http1RequestParser parser, RequestHead head) =>
        status == ParseStatus.Complete ? $"{parser.Consumed} {Wire.Describe(head)}" : $"{status} {parser.Reason}";

    private static string ParseResponse(byte[] bytes, int first, int step)
    {
        var parser = new Http1ResponseParser();
        var head = new ResponseHead();
        var status = ParseStatus.Incomplete;
        for (var end = first; status == ParseStatus.Incomplete && end <= bytes.Length; end += step)
        {
            var offset = end % 5;
            status = parser.Parse(Moved(bytes, offset, end), offset, offset + end, head, RequestMethod.Get);
        }

        return status == ParseStatus.Complete
            ? $"{parser.Consumed} {Wire.Describe(head)}"
            : $"{status} {parser.Reason}";
    }

    private static byte[] Moved(byte[] bytes, int offset, int length)
    {
        var moved = new byte[offset + length];
        bytes.AsSpan(0, length).CopyTo(moved.AsSpan(offset));
        return moved;
    }
}
