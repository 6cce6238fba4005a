using System.Text;
using Weft.Net;

namespace Weft.Http.Tests.Http2;

/// <summary>What one exchange of a client came to.</summary>
internal sealed record ClientResult(ResponseOutcome Outcome, int Status, string Body, TrailerFields? Trailers);

/// <summary>A client connection on a loop, and the plainest way to use it. All members are called on the loop.</summary>
internal sealed class ClientRun
{
    private readonly Task _running;

    private ClientRun(Http2ClientConnection connection)
    {
        Connection = connection;
        _running = connection.RunAsync().AsTask();
    }

    public Http2ClientConnection Connection { get; }

    public static async Task<ClientRun> ConnectAsync(
        EventLoop loop,
        System.Net.IPEndPoint endPoint,
        Http2Options? options = null
    )
    {
        var (connection, failure) = await loop.ConnectAsync(endPoint, 10_000);
        Assert.Null(failure);
        return new ClientRun(new Http2ClientConnection(connection!, options ?? Http2TestServer.Defaults));
    }

    public static RequestHead Head(string method = "GET", string path = "/", long length = 0)
    {
        var head = new RequestHead();
        var text = Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: books.example\r\nUser-Agent: test\r\n"
                + (length > 0 ? $"Content-Length: {length}\r\n\r\n" : "\r\n")
        );
        Assert.Equal(ParseStatus.Complete, new Http1RequestParser().Parse(text, 0, text.Length, head));
        return head;
    }

    /// <summary>Sends a request without a body and reads the whole response.</summary>
    public async Task<ClientResult> GetAsync(string path = "/")
    {
        var stream = Connection.TryOpenStream();
        Assert.NotNull(stream);
        _ = await stream.SendHeadAsync(Head(path: path), new AddedFields(), BodyChunk.End, null);
        var result = await ReadAsync(stream);
        stream.Close();
        return result;
    }

    public static async Task<ClientResult> ReadAsync(Http2ClientStream stream)
    {
        ResponseOutcome outcome;
        do
        {
            outcome = await stream.ReadHeadAsync(RequestMethod.Get);
        } while (outcome == ResponseOutcome.Head && stream.Response.IsInterim);

        if (outcome != ResponseOutcome.Head)
        {
            return new ClientResult(outcome, 0, "", null);
        }

        var body = new StringBuilder();
        var chunk = stream.ResponseBody.Take();
        while (true)
        {
            body.Append(Encoding.ASCII.GetString(chunk.Data.Span));
            if (chunk.State != BodyState.More)
            {
                break;
            }

            chunk = await stream.ResponseBody.ReadAsync();
        }

        return new ClientResult(
            chunk.IsLast ? ResponseOutcome.Head : ResponseOutcome.ClosedMidway,
            stream.Response.Status,
            body.ToString(),
            stream.ResponseBody.Trailers
        );
    }

    /// <summary>Ends the connection and waits until nothing of it is left.</summary>
    public async Task<Http2EndReason> EndAsync()
    {
        Connection.Retire();
        await _running;
        return Connection.EndReason;
    }

    public Task Running => _running;
}
