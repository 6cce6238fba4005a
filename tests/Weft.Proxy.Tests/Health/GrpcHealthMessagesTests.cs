namespace Weft.Proxy.Tests;

public class GrpcHealthMessagesTests
{
    [Fact]
    public void The_question_about_the_server_as_a_whole_is_an_empty_message() =>
        Assert.Equal<byte>([0, 0, 0, 0, 0], GrpcHealthMessages.Question(""));

    [Fact]
    public void The_question_about_a_service_is_one_field() =>
        Assert.Equal<byte>(
            [0, 0, 0, 0, 6, 0x0a, 4, (byte)'s', (byte)'h', (byte)'o', (byte)'p'],
            GrpcHealthMessages.Question("shop")
        );

    [Fact]
    public void A_long_name_has_its_length_in_more_than_one_byte()
    {
        var question = GrpcHealthMessages.Question(new string('s', 300));

        Assert.Equal<byte>([0, 0, 0, 1, 47, 0x0a, 0xac, 0x02], question[..8]);
        Assert.Equal(8 + 300, question.Length);
    }

    [Theory]
    [InlineData("0000000000", 0)] // What is not sent is 0.
    [InlineData("00000000020801", 1)]
    [InlineData("00000000020802", 2)]
    [InlineData("00000000020803", 3)]
    [InlineData("0000000007" + "1203616263" + "0801", 1)] // A field that we do not know, before it.
    [InlineData("0000000010" + "0801" + "190102030405060708" + "2501020304", 1)] // And behind it.
    [InlineData("000000000408ffff03", 65535)]
    public void The_answer_is_the_status_whatever_else_is_sent(string hex, int expected) =>
        Assert.Equal(expected, (int?)GrpcHealthMessages.ReadAnswer(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("01000000020801")] // Compressed, which nobody asked for.
    [InlineData("00000000030801")] // Less than announced.
    [InlineData("0000000001080102")] // More.
    [InlineData("000000000108")]
    [InlineData("000000000208ff")]
    [InlineData("000000000212ff")]
    [InlineData("00000000020b01")] // A group.
    [InlineData("000000000b08ffffffffffffffffffff01")]
    public void Anything_else_is_no_answer(string hex) =>
        Assert.Null(GrpcHealthMessages.ReadAnswer(Convert.FromHexString(hex)));
}
