using System.Text;
using Weft.Http;

namespace Weft.Proxy.Tests;

public class ClientHelloTests
{
    [Theory]
    [InlineData("books", "books")]
    [InlineData("Books.Example", "Books.Example")]
    [InlineData(null, "")]
    public void The_host_is_what_the_client_asks_for(string? host, string expected)
    {
        foreach (var record in (int[])[1, 3, 4, 5, 60, 16 * 1024])
        {
            var hello = Hellos.Of(host, ["h2", "http/1.1"], record);

            Assert.Equal(ParseStatus.Complete, ClientHello.Look(hello));
            Assert.Equal(expected, NameOf(hello));
            Assert.Equal("\u0002h2\u0008http/1.1", Text(ClientHello.Protocols(hello, new byte[ClientHello.MaxBytes])));
        }
    }

    [Fact]
    public void A_beginning_of_it_is_incomplete()
    {
        var hello = Hellos.Of("books", record: 50);
        for (var length = 0; length < hello.Length; length++)
        {
            Assert.Equal(ParseStatus.Incomplete, ClientHello.Look(hello.AsSpan(0, length)));
        }

        Assert.Equal(ParseStatus.Complete, ClientHello.Look((byte[])[.. hello, 1, 2, 3]));
    }

    [Fact]
    public void A_broken_one_names_no_host_and_is_never_read_beyond_its_end()
    {
        var hello = Hellos.Of("books");
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var broken = hello.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            if (ClientHello.Look(broken) == ParseStatus.Complete)
            {
                Assert.InRange(NameOf(broken).Length, 0, broken.Length);
            }
        }
    }

    [Theory]
    [InlineData(9 + 34)] // the session id's length
    [InlineData(9 + 34 + 33)] // the cipher suites'
    [InlineData(9 + 34 + 33 + 6)] // the compression methods'
    [InlineData(9 + 34 + 33 + 6 + 2)] // the extensions'
    public void A_length_that_is_too_large_leaves_no_host(int position)
    {
        var hello = Hellos.Of("books");
        hello[position] = 0xff;

        Assert.Equal("", NameOf(hello));
    }

    [Fact]
    public void One_without_a_body_names_no_host()
    {
        byte[] hello = [22, 3, 1, 0, 4, 1, 0, 0, 0];

        Assert.Equal(ParseStatus.Complete, ClientHello.Look(hello));
        Assert.Equal("", NameOf(hello));
    }

    private static string NameOf(byte[] hello) => Text(ClientHello.ServerName(hello, new byte[ClientHello.MaxBytes]));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
