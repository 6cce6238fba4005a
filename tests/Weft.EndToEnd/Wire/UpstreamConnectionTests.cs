using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Wire;

public sealed class UpstreamConnectionTests : IAsyncLifetime
{
    private const string Get = "GET / HTTP/1.1\r\nHost: books\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly TempMesh _mesh = new();
    private readonly ScriptedUpstream _upstream = new();
    private WeftProcess _weft = null!;
    private ScriptedPeer _client = null!;

    public async ValueTask InitializeAsync()
    {
        _mesh.Disco("books", _upstream.Address);
        _weft = await WeftProcess.Start(_mesh);
        _client = await _weft.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _weft.DisposeAsync();
        _upstream.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_pooled_connection_that_turns_out_stale_costs_one_retry_and_no_failure(bool byReset)
    {
        using var pooled = await ServeOne();
        await _client.Send(Get);
        await pooled.ReadHead();
        if (byReset)
            pooled.Reset();
        else
            pooled.Dispose();

        using var fresh = await _upstream.Accept();
        await fresh.ReadHead();
        await fresh.Send(Ok);
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
    }

    [Fact]
    public async Task a_fresh_connection_that_closes_without_an_answer_is_not_tried_again()
    {
        await _client.Send(Get);
        using (var fresh = await _upstream.Accept())
            await fresh.ReadHead();
        var response = await _client.ReadFinalResponse();
        Assert.Equal((502, "upstream-reset"), (response.Status, response.WeftError));
        Assert.False(_upstream.HasConnectionWaiting);
    }

    [Fact]
    public async Task a_request_that_may_not_be_repeated_is_not_sent_twice()
    {
        using var pooled = await ServeOne();
        await _client.Send("POST / HTTP/1.1\r\nHost: books\r\nContent-Length: 2\r\n\r\nhi");
        await pooled.ReadHead();
        pooled.Reset();
        var response = await _client.ReadFinalResponse();
        Assert.Equal((502, "upstream-reset"), (response.Status, response.WeftError));
        Assert.False(_upstream.HasConnectionWaiting);
    }

    [Fact]
    public async Task a_response_that_breaks_off_breaks_off_for_the_client_too()
    {
        await _client.Send(Get);
        using var peer = await _upstream.Accept();
        await peer.ReadHead();
        await peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        Assert.Contains("Content-Length: 10", await _client.ReadHead(), StringComparison.OrdinalIgnoreCase);
        await _client.Expect("half");
        peer.Reset();
        await _client.ExpectClosed();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task a_response_that_can_be_read_in_two_ways_is_not_passed_on(string answer)
    {
        await _client.Send(Get);
        using var peer = await _upstream.Accept();
        await peer.ReadHead();
        await peer.Send(answer);
        var response = await _client.ReadFinalResponse();
        Assert.Equal((502, "upstream-protocol"), (response.Status, response.WeftError));
        await peer.ExpectClosed();
    }

    [Fact]
    public async Task bytes_after_the_response_never_reach_the_next_client()
    {
        await _client.Send(Get);
        using var peer = await _upstream.Accept();
        await peer.ReadHead();
        await peer.Send(Ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
        await peer.ExpectClosed();

        await _client.Send(Get);
        using var fresh = await _upstream.Accept();
        await fresh.ReadHead();
        await fresh.Send(Ok);
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
    }

    [Fact]
    public async Task a_client_that_closed_its_half_gets_its_response()
    {
        await _client.Send(Get);
        _client.HalfClose();
        using var peer = await _upstream.Accept();
        await peer.ReadHead();
        await peer.Send(Ok);
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
        await _client.ExpectEnd();
    }

    [Fact]
    public async Task pipelined_requests_are_answered_in_order()
    {
        await _client.Send(Get + "GET /b HTTP/1.1\r\nHost: books\r\n\r\n");
        using var peer = await _upstream.Accept();
        Assert.StartsWith("GET / ", await peer.ReadHead(), StringComparison.Ordinal);
        await peer.Send(Ok);
        Assert.StartsWith("GET /b ", await peer.ReadHead(), StringComparison.Ordinal);
        await peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
        Assert.Equal("b", (await _client.ReadFinalResponse()).Text);
    }

    /// <summary>One request and its answer; the upstream connection is in the proxy's pool afterwards.</summary>
    private async Task<ScriptedPeer> ServeOne()
    {
        await _client.Send(Get);
        var peer = await _upstream.Accept();
        await peer.ReadHead();
        await peer.Send(Ok);
        Assert.Equal("ok", (await _client.ReadFinalResponse()).Text);
        return peer;
    }
}
