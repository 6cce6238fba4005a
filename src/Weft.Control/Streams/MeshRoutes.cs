using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Weft.Api.Documents;
using Weft.Api.Grpc;
using Weft.Api.Mesh;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>The proxies' stream, and who is connected.</summary>
internal sealed class MeshRoutes(
    StreamHub hub,
    TrafficBoard traffic,
    TimeProvider time,
    Log log,
    CancellationToken stopping
)
{
    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(10);

    public IReadOnlyList<ApiRoute> All =>
        [
            new("POST", "/weft.v1.Mesh/Connect", ConnectAsync),
            new(
                "GET",
                "/api/v1/proxies",
                context => Bodies.WriteJsonAsync(context, hub.List(), ControlJson.Plain.ProxyList)
            ),
        ];

    private async Task ConnectAsync(HttpContext context)
    {
        var isGrpc =
            context.Request.ContentType?.StartsWith(GrpcMessages.ContentType, StringComparison.Ordinal) == true;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) || !isGrpc)
        {
            throw new RefusedException(
                415,
                new ErrorInfo
                {
                    Error = ErrorInfo.BadRequest,
                    Message = "this is gRPC: ask with HTTP/2 and application/grpc",
                }
            );
        }

        // A stream has no end, and may be silent for long; HTTP/2 pings find out who is dead.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()!.MinDataRate = null;
        context.Response.ContentType = GrpcMessages.ContentType;
        await context.Response.StartAsync(context.RequestAborted);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var (status, message) = (GrpcStatus.Ok, "");
        try
        {
            await ServeAsync(context, ended);
        }
        catch (GrpcFormatException error)
        {
            (status, message) = (GrpcStatus.InvalidArgument, error.Message);
        }
        catch (StreamRefusedException refused)
        {
            (status, message) = (refused.Status, refused.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            (status, message) = (GrpcStatus.Unavailable, "the control plane stops");
        }

        context.Response.AppendTrailer(GrpcStatus.StatusHeader, $"{status}");
        if (message.Length > 0)
        {
            context.Response.AppendTrailer(GrpcStatus.MessageHeader, GrpcStatus.Encode(message));
        }
    }

    private async Task ServeAsync(HttpContext context, CancellationTokenSource ended)
    {
        var input = context.Request.BodyReader;
        var first = await ReadHelloAsync(input, ended.Token);
        var hello = first.Hello;
        if (await hub.EnterAsync(hello, ended.Token) is not var (connection, board))
        {
            throw new StreamRefusedException(
                GrpcStatus.ResourceExhausted,
                $"namespace '{hello.Namespace}' cannot be one, or there are too many streams"
            );
        }

        log.Info(
            "proxy connected",
            ("proxy", hello.ProxyId),
            ("version", hello.ProgramVersion),
            ("namespace", hello.Namespace)
        );
        var writing = WriteAsync(context.Response.BodyWriter, connection, ended, context.RequestAborted);
        using var reports = traffic.Open(hello);
        try
        {
            board.Take(connection, first);
            TakeReport(hello, reports, first);
            await ReadAsync(input, connection, board, reports, ended.Token);
        }
        finally
        {
            hub.Leave(connection, board);
            await ended.CancelAsync();
            await writing;
            log.Info("proxy disconnected", ("proxy", hello.ProxyId));
        }
    }

    private async Task<ProxyMessage> ReadHelloAsync(PipeReader input, CancellationToken stop)
    {
        try
        {
            var first = await GrpcMessages
                .ReadAsync(input, ProxyMessage.Parser, stop)
                .AsTask()
                .WaitAsync(HelloWithin, time, stop);
            if (first?.Hello is not { } hello)
            {
                throw new StreamRefusedException(GrpcStatus.InvalidArgument, "hello comes first");
            }

            HelloRules.Check(hello);
            HelloRules.CheckNames(first);
            return first;
        }
        catch (TimeoutException)
        {
            throw new StreamRefusedException(GrpcStatus.InvalidArgument, "hello did not come");
        }
    }

    private async Task ReadAsync(
        PipeReader input,
        ProxyConnection connection,
        NamespaceBoard board,
        TrafficStream reports,
        CancellationToken stop
    )
    {
        while (await GrpcMessages.ReadAsync(input, ProxyMessage.Parser, stop) is { } message)
        {
            connection.OnHeard();
            if (message.Acknowledge is { } acknowledgement)
            {
                connection.OnAcknowledged(acknowledgement);
                foreach (var refusal in acknowledgement.Refusals)
                {
                    log.Warn(
                        "a proxy refuses what it was sent",
                        ("proxy", connection.Hello.ProxyId),
                        ("resource", refusal.Name?.Name),
                        ("reason", refusal.Reason)
                    );
                }
            }

            HelloRules.CheckNames(message);
            board.Take(connection, message);
            TakeReport(connection.Hello, reports, message);
            if (connection.IsOverfull)
            {
                throw new StreamRefusedException(GrpcStatus.ResourceExhausted, "too many answers wait to be read");
            }
        }
    }

    /// <summary>Numbers that cannot be believed are no reason to end the stream: what the proxy asks for it gets all the same.</summary>
    private void TakeReport(Hello hello, TrafficStream reports, ProxyMessage message)
    {
        if (message.Report is { } report && reports.Take(report) is { } reason)
        {
            log.Warn("a proxy's reports are not taken any more", ("proxy", hello.ProxyId), ("reason", reason));
        }
    }

    /// <summary>
    /// Ends with the stream, and ends it when nothing more can be written. Lets no error out: whoever reads notices the same end. What was begun is written to its end though
    /// the stream has ended meanwhile: the web server resets a stream of which a write was cancelled, and its status would never arrive. One that reads nothing is
    /// reset by the web server's own bound.
    /// </summary>
    private async Task WriteAsync(
        PipeWriter output,
        ProxyConnection connection,
        CancellationTokenSource ended,
        CancellationToken aborted
    )
    {
        try
        {
            while (await connection.News.WaitToReadAsync(ended.Token))
            {
                connection.News.TryRead(out _);
                if (connection.Take() is { } parts)
                {
                    await MessageBatches.WriteAsync(output, parts, connection.NextNumber, aborted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
        catch (Exception error)
        {
            log.Error("a proxy cannot be told", ("proxy", connection.Hello.ProxyId), ("exception", error));
            await ended.CancelAsync();
        }
    }
}

/// <summary>A stream is ended with a status of gRPC.</summary>
internal sealed class StreamRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
