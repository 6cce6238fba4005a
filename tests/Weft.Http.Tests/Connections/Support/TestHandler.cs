using Weft.Net;

namespace Weft.Http.Tests.Connections;

/// <summary>Serves requests by one function and writes down what happened.</summary>
internal sealed class TestHandler(Func<ServerExchange, LoopTask> serve) : IServerHandler
{
    public static readonly FieldBlock Plain = new(("content-type", "text/plain"));

    /// <summary>The paths of the requests, in order.</summary>
    public List<string> Served { get; } = [];

    /// <summary>The paths of the requests that were handed back, in order.</summary>
    public List<string> Handled { get; } = [];

    /// <summary>False when the paths are not to be written down.</summary>
    public bool Remembers { get; set; } = true;

    /// <summary>What a refused request is answered with.</summary>
    public Func<RejectReason, LocalResponse> Refuses { get; set; } = Refusal;

    public List<RejectReason> Rejected { get; } = [];

    public int Closed { get; private set; }

    /// <summary>Answers with the path.</summary>
    public static LoopTask AnswerPathAsync(ServerExchange exchange) =>
        AnswerAsync(exchange, Wire.Text(exchange.Request.Path));

    public static async LoopTask AnswerAsync(ServerExchange exchange, string text) =>
        await exchange.RespondAsync(200, Plain, Wire.Bytes(text));

    /// <summary>What <see cref="AnswerAsync"/> puts on the wire towards a client that keeps the connection.</summary>
    public static string AnswerOf(string text, string connection = "") =>
        $"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {text.Length}\r\n{connection}\r\n{text}";

    /// <summary>Sends a response that is written as one text, head and body; the body leaves in the pieces that are given.</summary>
    public static async LoopTask SendAsync(ServerExchange exchange, string head, params string[] pieces)
    {
        var response = Wire.Response(head, exchange.Request.Method);
        var first = response.Body == BodyKind.None ? BodyChunk.End : BodyChunk.None;
        var sound = await exchange.SendHeadAsync(response, new AddedFields(), first, null);
        for (var i = 0; i < pieces.Length && sound; i++)
        {
            var state = i == pieces.Length - 1 ? BodyState.Last : BodyState.More;
            sound = await exchange.SendBodyAsync(new BodyChunk(Wire.Bytes(pieces[i]), state), null);
        }
    }

    /// <summary>Sends the request's body back, framed as it came, with its trailers.</summary>
    public static async LoopTask EchoAsync(ServerExchange exchange)
    {
        var framing =
            exchange.Request.Body == BodyKind.Chunked
                ? "transfer-encoding: chunked"
                : $"content-length: {Math.Max(0, exchange.Request.ContentLength)}";
        var head = Wire.Response($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n");
        var body = exchange.RequestBody;
        var chunk = body.Take();
        if (chunk.IsFailed)
        {
            await exchange.RespondAsync(400, Plain, Wire.Bytes(body.Reason.ToString()));
            return;
        }

        var sound = await exchange.SendHeadAsync(head, new AddedFields(), chunk, body.Trailers);
        while (sound && !chunk.IsLast)
        {
            chunk = await body.ReadAsync();
            sound = !chunk.IsFailed && await exchange.SendBodyAsync(chunk, body.Trailers);
        }

        if (!sound)
        {
            exchange.Abort();
        }
    }

    public LoopTask HandleAsync(ServerExchange exchange)
    {
        if (Remembers)
        {
            Served.Add(Wire.Text(exchange.Request.Path));
        }

        return serve(exchange);
    }

    public void OnHandled(ServerExchange exchange)
    {
        if (Remembers)
        {
            Handled.Add(Wire.Text(exchange.Request.Path));
        }
    }

    public LocalResponse OnRejected(ServerExchange exchange, RejectReason reason)
    {
        Rejected.Add(reason);
        return Refuses(reason);
    }

    /// <summary>The customary refusal, as it is on the wire.</summary>
    public static string RejectionOf(RejectReason reason)
    {
        var status = Rejection.StatusOf(reason);
        return $"HTTP/1.1 {status} {Wire.Text(ReasonPhrase.Of(status))}\r\ncontent-type: text/plain\r\n"
            + $"content-length: {reason.ToString().Length}\r\nconnection: close\r\n\r\n{reason}";
    }

    public void OnDefect(ServerExchange exchange, Exception exception) =>
        throw new InvalidOperationException(
            "An HTTP/1.1 connection ends with a defect and does not report it here.",
            exception
        );

    public void OnClosed(IServerConnection connection) => Closed++;

    private static LocalResponse Refusal(RejectReason reason) =>
        new(Rejection.StatusOf(reason), Plain, Wire.Bytes(reason.ToString()));
}
