using Weft.Cli.Checks;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Checks;

public sealed class PageReaderTests
{
    private static readonly InquiryOptions Options = new(TimeSpan.FromSeconds(5), MaxBytes: 1000);

    private static async Task<Answer> AskAsync(string address, TimeProvider? time = null)
    {
        using var reader = new PageReader(new Uri($"http://{address}"), Options, time ?? new VirtualTime(Samples.Now));
        return await reader.AskAsync("/config", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_page_comes_with_its_status_and_the_clock_around_it()
    {
        await using var server = ScriptedServer.Raw(
            "HTTP/1.1 503 x\r\ndate: Wed, 04 Mar 2026 05:06:09 GMT\r\nweft-error: draining\r\ncontent-length: 2\r\n\r\nno"
        );

        var page = Assert.IsType<Answer.Page>(await AskAsync(server.Address));

        Assert.Equal((503, "no", true), (page.Status, page.Text, page.IsProxyError));
        Assert.Equal((Samples.Now.AddSeconds(2), Samples.Times), (page.Date, page.Times));
        Assert.Equal("/config", await server.Asked.Task);
    }

    [Fact]
    public async Task Nobody_there_is_an_answer() =>
        Assert.Equal(new Answer.None(Silence.Refused, "nobody listens there"), await AskAsync("127.0.0.1:1"));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("-ERR unknown command\r\n")]
    [InlineData("\0\u0001\u0002\r\n\r\n")]
    [InlineData("")]
    public async Task Something_else_than_HTTP_is_an_answer(string bytes)
    {
        await using var server = ScriptedServer.Raw(bytes);

        Assert.Equal(Silence.NotHttp, Assert.IsType<Answer.None>(await AskAsync(server.Address)).Why);
    }

    [Fact]
    public async Task A_body_without_end_or_with_a_length_beyond_the_bound_is_not_read()
    {
        await using var endless = ScriptedServer.Endless();
        await using var large = ScriptedServer.Raw("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n");
        var tooLong = new Answer.None(Silence.TooLong, "the answer has more than 1000 bytes");

        Assert.Equal(tooLong, await AskAsync(endless.Address));
        Assert.Equal(tooLong, await AskAsync(large.Address));
    }

    [Fact]
    public async Task A_head_without_end_is_not_read()
    {
        await using var server = ScriptedServer.Raw($"HTTP/1.1 200 OK\r\nx: {new string('x', 100_000)}\r\n\r\n");

        Assert.Equal(Silence.TooLong, Assert.IsType<Answer.None>(await AskAsync(server.Address)).Why);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_an_answer()
    {
        await using var server = ScriptedServer.Raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");

        Assert.Equal(Silence.Unreachable, Assert.IsType<Answer.None>(await AskAsync(server.Address)).Why);
    }

    [Fact]
    public async Task Who_is_slow_is_given_up_and_holds_nobody_up()
    {
        await using var silent = ScriptedServer.Silent();
        await using var quick = ScriptedServer.Of(new() { ["/config"] = "here" });
        var time = new VirtualTime();
        var slow = AskAsync(silent.Address, time);
        await silent.Asked.Task;

        Assert.Equal("here", Assert.IsType<Answer.Page>(await AskAsync(quick.Address, time)).Text);
        Assert.False(slow.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new Answer.None(Silence.Slow, "no complete answer within 5 s"), await slow);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up_as_a_whole()
    {
        var time = new VirtualTime();
        await using var server = new ScriptedServer(
            async (_, connection, stop) =>
            {
                await connection.WriteAsync("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx"u8.ToArray(), stop);
                time.Advance(TimeSpan.FromSeconds(6));
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            }
        );

        Assert.Equal(Silence.Slow, Assert.IsType<Answer.None>(await AskAsync(server.Address, time)).Why);
    }
}
