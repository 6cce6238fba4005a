namespace Weft.Http.Tests.Http1;

/// <summary>Seeded damage to good messages: never an exception, never a byte read outside, and what is accepted can be sent on.</summary>
public sealed class MutationTests
{
    private const int Rounds = 20_000;

    // Bytes that mean something to the parsers are drawn more often than others.
    private static readonly byte[] Telling = Wire.Bytes("\r\n\r\n\t :;,/?#@[]%*0159aAfFxX-_.\0\x7f\x80\xff");

    private static readonly HeadLimits Small = new(512, 8, 64);

    [Fact]
    public void A_damaged_request_is_refused_or_means_the_same_after_it_is_written_again()
    {
        var random = new Random(20_260_401);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(Pick(Samples.Requests, random), random);
            var parser = new Http1RequestParser(Small);
            var head = new RequestHead();
            var fenced = Fence(bytes, out var start, out var end);
            var status = parser.Parse(fenced, start, end, head);
            Assert.Equal(new Http1RequestParser(Small).Parse(bytes, 0, bytes.Length, new RequestHead()), status);
            if (status != ParseStatus.Complete)
            {
                continue;
            }

            accepted++;
            Assert.InRange(parser.Consumed, 1, bytes.Length);
            var written = new byte[1024];
            var writer = new HeadWriter(written);
            writer.RequestLine(head);
            if (head.Find(KnownHeader.Host) < 0)
            {
                writer.Field(KnownHeader.Host, head.Authority);
            }

            writer.Fields(head);
            writer.End();
            Assert.False(writer.Failed);
            var again = Wire.Request(Wire.Text(written.AsSpan(0, writer.Written)));
            if (head.Version == ProtocolVersion.Http11)
            {
                Assert.Equal(Meaning(head), Meaning(again));
            }
        }

        // Both outcomes must be common, or the test says nothing.
        Assert.InRange(accepted, Rounds / 20, Rounds * 19 / 20);
    }

    [Fact]
    public void A_damaged_response_is_refused_or_means_the_same_after_it_is_written_again()
    {
        var random = new Random(20_260_402);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(Pick(Samples.Responses, random), random);
            var parser = new Http1ResponseParser(Small);
            var head = new ResponseHead();
            var fenced = Fence(bytes, out var start, out var end);
            var status = parser.Parse(fenced, start, end, head, RequestMethod.Get);
            var exact = new Http1ResponseParser(Small);
            Assert.Equal(exact.Parse(bytes, 0, bytes.Length, new ResponseHead(), RequestMethod.Get), status);
            if (status != ParseStatus.Complete)
            {
                continue;
            }

            accepted++;
            var written = new byte[1024];
            var writer = new HeadWriter(written);
            writer.StatusLine(head.Status, head.Reason);
            writer.Fields(head);
            writer.End();
            Assert.False(writer.Failed);
            var again = Wire.Response(Wire.Text(written.AsSpan(0, writer.Written)));
            Assert.Equal((head.Status, head.Body), (again.Status, again.Body));
            Assert.Equal(Fields(head), Fields(again));
        }

        Assert.InRange(accepted, Rounds / 20, Rounds * 19 / 20);
    }

    [Fact]
    public void A_damaged_chunked_body_never_throws_and_does_not_depend_on_its_pieces()
    {
        var random = new Random(20_260_403);
        var ended = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(Pick(Samples.Bodies, random), random);
            var cut = random.Next(bytes.Length + 1);
            var whole = Chunks.Decode(bytes, new TrailerFields());
            Assert.Equal(whole, Chunks.Decode(bytes, new TrailerFields(), cut));
            ended += whole.End == ChunkStep.End ? 1 : 0;
        }

        Assert.InRange(ended, Rounds / 20, Rounds * 19 / 20);
    }

    [Fact]
    public void A_damaged_request_does_not_depend_on_its_pieces()
    {
        var random = new Random(20_260_404);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(Pick(Samples.Requests, random), random);
            var whole = new Http1RequestParser(Small);
            var pieces = new Http1RequestParser(Small);
            var wholeHead = new RequestHead();
            var piecesHead = new RequestHead();
            var expected = whole.Parse(bytes, 0, bytes.Length, wholeHead);
            var actual = ParseStatus.Incomplete;
            for (var end = 0; end < bytes.Length && actual == ParseStatus.Incomplete; )
            {
                end = Math.Min(bytes.Length, end + 1 + random.Next(20));
                actual = pieces.Parse(bytes, 0, end, piecesHead);
            }

            Assert.Equal((expected, whole.Reason, whole.Consumed), (actual, pieces.Reason, pieces.Consumed));
            if (expected == ParseStatus.Complete)
            {
                Assert.Equal(Wire.Describe(wholeHead), Wire.Describe(piecesHead));
            }
        }
    }

    private static string Meaning(RequestHead head) =>
        $"{Wire.Text(head.MethodSpan)} {Wire.Text(head.Authority)} {Wire.Text(head.Path)} {head.Body} "
        + $"{head.ContentLength} {head.KeepAlive} {head.ExpectContinue} {head.UpgradeRequested} {Fields(head)}";

    private static string Fields(FieldSection section) =>
        string.Concat(
            Enumerable
                .Range(0, section.Count)
                .Where(i => !section.Fields[i].Dropped)
                .Select(i => $"\n{Wire.Text(section.Name(i))}: {Wire.Text(section.Value(i))}")
        );

    private static byte[] Pick(string[] samples, Random random) => Wire.Bytes(samples[random.Next(samples.Length)]);

    // The bytes around the message would turn a message that reads them into another outcome.
    private static byte[] Fence(byte[] bytes, out int start, out int end)
    {
        start = 3;
        end = start + bytes.Length;
        var fenced = new byte[end + 40];
        fenced.AsSpan().Fill((byte)'\n');
        bytes.CopyTo(fenced, start);
        return fenced;
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var count = random.Next(4); count > 0; count--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0:
                    list[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 1:
                    list.Insert(at, Telling[random.Next(Telling.Length)]);
                    break;
                case 2:
                    list.RemoveAt(at);
                    break;
                default:
                    var length = Math.Min(random.Next(30), list.Count - at);
                    list.InsertRange(random.Next(list.Count), list.GetRange(at, length));
                    break;
            }
        }

        return [.. list];
    }
}
