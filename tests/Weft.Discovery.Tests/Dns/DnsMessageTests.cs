namespace Weft.Discovery.Tests.Dns;

public sealed class DnsMessageTests
{
    private static readonly byte[] Question = DnsQuestion.Encode(0x1234, "web.example", DnsType.A);

    private static DnsResponse? Parse(byte[] message) => DnsResponse.Parse(message, 0x1234, "web.example", DnsType.A);

    [Fact]
    public void A_question_is_written_as_the_standards_say()
    {
        Assert.Equal(
            "123401000001000000000001" + "03776562076578616D706C6500" + "00010001" + "00002904D0000000000000",
            Convert.ToHexString(Question)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123.b")]
    public void A_name_that_does_not_fit_is_refused(string name) =>
        Assert.Throws<BackendException>(() => DnsQuestion.Encode(1, name, DnsType.A));

    [Fact]
    public void An_answer_to_another_question_is_none()
    {
        var answer = new DnsWriter(Question).A("10.0.0.1", 60).ToArray();
        Assert.NotNull(Parse(answer));
        Assert.Null(DnsResponse.Parse(answer, 0x1235, "web.example", DnsType.A));
        Assert.Null(DnsResponse.Parse(answer, 0x1234, "web.other", DnsType.A));
        Assert.Null(DnsResponse.Parse(answer, 0x1234, "web.example", DnsType.Aaaa));
        Assert.Null(DnsResponse.Parse(Question, 0x1234, "web.example", DnsType.A));
    }

    [Fact]
    public void Every_cut_of_an_answer_is_an_error_and_nothing_worse()
    {
        var answer = new DnsWriter(Question).Cname("lb.example", 60).A("10.0.0.1", 60, "lb.example").ToArray();
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.Throws<BackendException>(() => Parse(answer[..length]));
        }
    }

    [Fact]
    public void No_change_of_a_single_byte_does_worse_than_an_error()
    {
        var answer = new DnsWriter(Question).Cname("lb.example", 60).A("10.0.0.1", 60, "lb.example").ToArray();
        for (var at = 0; at < answer.Length; at++)
        {
            foreach (var value in (byte[])[0, 1, 0x3f, 0x40, 0xc0, 0xff])
            {
                var changed = (byte[])answer.Clone();
                changed[at] = value;
                try
                {
                    _ = Parse(changed);
                }
                catch (BackendException error)
                {
                    Assert.Contains("DNS answer", error.Message);
                }
            }
        }
    }

    [Fact]
    public void A_name_that_points_at_itself_is_refused()
    {
        byte[] circle = [0xc0, (byte)(Question.Length - 11 + 12)];
        var answer = new DnsWriter(Question).Add(null, 5, 60, circle).ToArray();
        Assert.Throws<BackendException>(() => Parse(answer));
    }

    [Fact]
    public void Records_that_are_not_understood_are_passed_over()
    {
        var answer = new DnsWriter(Question).Add(null, 16, 60, [1, 65]).A("10.0.0.1", 60).ToArray();
        Assert.Single(Parse(answer)!.Records);
    }

    [Theory]
    [InlineData("nameserver 10.0.0.1\nsearch a b\nnameserver fd00::1 # second\n", "10.0.0.1:53 [fd00::1]:53")]
    [InlineData("# nothing\nnameserver nonsense\n", "127.0.0.1:53")]
    public void The_machines_servers_are_read_from_its_file(string text, string servers) =>
        Assert.Equal(servers, string.Join(' ', ResolverFile.Servers(text)));
}
