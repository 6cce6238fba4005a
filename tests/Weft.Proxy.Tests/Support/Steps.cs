using System.Collections.Concurrent;
using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>
/// What becomes of one request after the other, whichever endpoint and connection they come on; the last step stays. A step is a status with
/// or without fields (<c>503 retry-after: 1</c>), <c>grpc N</c> (trailers only), <c>reset</c>, <c>refuse</c> (HTTP/2), <c>hang</c>, or
/// <c>half</c>: a response that breaks off.
/// </summary>
internal sealed class Steps(params string[] steps)
{
    private int _taken = -1;

    /// <summary>Bodies in the order in which they were whole.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Requests that have taken a step.</summary>
    public int Taken => Volatile.Read(ref _taken) + 1;

    public Upstream Http1() =>
        new(async c =>
        {
            while (await c.ReadAsync() is { } request)
            {
                var body = request["transfer-encoding"] is null ? request.Body : await c.Wire.ReadChunkedAsync();
                Bodies.Enqueue(body);
                switch (Next())
                {
                    case "reset":
                        c.Wire.Reset();
                        return;
                    case "hang":
                        await c.Wire.ReadToEndAsync();
                        return;
                    case "half":
                        await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                        c.Wire.Dispose();
                        return;
                    case var step:
                        var (status, field) = Split(step);
                        await c.AnswerAsync(step, int.Parse(status), field is null ? "" : $"{field}\r\n");
                        break;
                }
            }
        });

    public Http2Upstream Http2()
    {
        Http2Upstream? upstream = null;
        return upstream = new Http2Upstream(async peer =>
        {
            var body = "";
            while (await peer.NextMessageAsync() is { } frame)
            {
                upstream!.Note(peer, frame);
                body += frame.Type == FrameType.Data ? System.Text.Encoding.Latin1.GetString(frame.Payload) : "";
                if (!frame.IsEndStream)
                {
                    continue;
                }

                Bodies.Enqueue(body);
                body = "";
                switch (Next())
                {
                    case "reset":
                        return;
                    case "refuse":
                        await peer.Reset(frame.StreamId, Http2ErrorCode.RefusedStream).FlushAsync();
                        break;
                    case "hang":
                        break;
                    case var step when step.StartsWith("grpc ", StringComparison.Ordinal):
                        await Grpc(peer, frame.StreamId, step[5..]).FlushAsync();
                        break;
                    case var step:
                        var (status, field) = Split(step);
                        await peer.Headers(frame.StreamId, endStream: false, Fields(status, field))
                            .Data(frame.StreamId, endStream: true, step)
                            .FlushAsync();
                        break;
                }
            }
        });
    }

    private static RawPeer Grpc(RawPeer peer, int streamId, string step)
    {
        var (code, field) = Split(step);
        return peer.Headers(
            streamId,
            endStream: true,
            [.. Fields("200", field), ("content-type", "application/grpc"), ("grpc-status", code)]
        );
    }

    private static IEnumerable<(string, string)> Fields(string status, string? field) =>
        field is null ? [(":status", status)] : [(":status", status), Wire.Field(field)];

    private static (string, string?) Split(string step) =>
        step.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end
            ? (step[..end], step[(end + 1)..])
            : (step, null);

    private string Next() => steps[Math.Min(Interlocked.Increment(ref _taken), steps.Length - 1)];
}
