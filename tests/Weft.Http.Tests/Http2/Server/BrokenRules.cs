namespace Weft.Http.Tests.Http2.Server;

/// <summary>The frames that break a rule, by the rule.</summary>
internal static class BrokenRules
{
    private const FrameFlags None = FrameFlags.None;
    private const FrameFlags EndHeaders = FrameFlags.EndHeaders;
    private const FrameFlags EndStream = FrameFlags.EndStream;

    public static void Break(RawPeer peer, string rule)
    {
        var block = FieldList.Encode(RawPeer.Get);
        (string, string)[] waiting = [.. RawPeer.Post.Where(f => f.Item1 != ":path"), (":path", "/wait")];
        _ = rule switch
        {
            "4.1 idle: CONTINUATION" => peer.Frame(FrameType.Continuation, EndHeaders, 1, block),
            "4.2 DATA larger than the maximum" => peer.Headers(1, false, RawPeer.Post)
                .Data(1, true, new string('x', 16385)),
            "4.2 HEADERS larger than the maximum" => peer.Headers(
                1,
                true,
                [.. RawPeer.Get, ("a", new string('x', 16385))]
            ),
            "4.3 a block that cannot be decoded" => peer.Frame(FrameType.Headers, EndHeaders | EndStream, 1, [0x80]),
            "4.3 another frame in a block: PRIORITY" => peer.Frame(FrameType.Headers, EndStream, 1, block)
                .Frame(FrameType.Priority, None, 1, new byte[5]),
            "4.3 another frame in a block: HEADERS of another stream" => peer.Frame(
                    FrameType.Headers,
                    EndStream,
                    1,
                    block
                )
                .Headers(3, true, RawPeer.Get),
            "4.3 another frame in a block: an unknown type" => peer.Frame(FrameType.Headers, EndStream, 1, block)
                .Frame((FrameType)0xF0, None, 1, []),
            "5.1 idle: DATA" => peer.Data(1, true, "x"),
            "5.1 idle: RST_STREAM" => peer.Reset(1),
            "5.1 idle: WINDOW_UPDATE" => peer.WindowUpdate(1, 1),
            "5.1 closed: HEADERS" => peer.Headers(1, true, RawPeer.Get),
            "5.1 closed: DATA" => peer.Data(1, true, "x"),
            "5.1.1 an even stream" => peer.Headers(2, true, RawPeer.Get),
            "5.1.1 a smaller stream" => peer.Headers(5, true, RawPeer.Get).Headers(3, true, RawPeer.Get),
            "6.1 DATA on stream 0" => peer.Data(0, true, "x"),
            "6.1 DATA with too much padding" => peer.Headers(1, false, RawPeer.Post)
                .Frame(FrameType.Data, FrameFlags.Padded, 1, [3, 0, 0]),
            "6.2 HEADERS on stream 0" => peer.Headers(0, true, RawPeer.Get),
            "6.2 HEADERS with too much padding" => peer.Frame(
                FrameType.Headers,
                EndHeaders | EndStream | FrameFlags.Padded,
                1,
                [255, .. block]
            ),
            "6.3 PRIORITY on stream 0" => peer.Frame(FrameType.Priority, None, 0, new byte[5]),
            "6.4 RST_STREAM on stream 0" => peer.Reset(0),
            "6.4 RST_STREAM of another length" => peer.Headers(1, false, RawPeer.Post)
                .Frame(FrameType.ResetStream, None, 1, new byte[3]),
            "6.5 SETTINGS with ACK and a payload" => peer.Frame(FrameType.Settings, FrameFlags.Ack, 0, new byte[6]),
            "6.5 SETTINGS on a stream" => peer.Frame(FrameType.Settings, None, 1, new byte[6]),
            "6.5 SETTINGS of another length" => peer.Frame(FrameType.Settings, None, 0, new byte[5]),
            "6.5.2 ENABLE_PUSH 2" => peer.Settings((2, 2)),
            "6.5.2 INITIAL_WINDOW_SIZE above the maximum" => peer.Settings((4, 1U << 31)),
            "6.5.2 MAX_FRAME_SIZE below the minimum" => peer.Settings((5, 16383)),
            "6.5.2 MAX_FRAME_SIZE above the maximum" => peer.Settings((5, 1 << 24)),
            "6.7 PING on a stream" => peer.Frame(FrameType.Ping, None, 1, new byte[8]),
            "6.7 PING of another length" => peer.Frame(FrameType.Ping, None, 0, new byte[7]),
            "6.8 GOAWAY on a stream" => peer.Frame(FrameType.GoAway, None, 1, new byte[8]),
            "6.9 WINDOW_UPDATE of 0" => peer.WindowUpdate(0, 0),
            "6.9 WINDOW_UPDATE of another length" => peer.Frame(FrameType.WindowUpdate, None, 0, new byte[3]),
            "6.9.1 WINDOW_UPDATE above the maximum" => peer.WindowUpdate(0, int.MaxValue),
            "6.9.2 INITIAL_WINDOW_SIZE makes a window overflow" => peer.Headers(1, false, RawPeer.Post)
                .WindowUpdate(1, 65536)
                .Settings((4, int.MaxValue)),
            "6.10 CONTINUATION on stream 0" => peer.Frame(FrameType.Headers, EndStream, 1, block)
                .Frame(FrameType.Continuation, EndHeaders, 0, []),
            "6.10 CONTINUATION after the end of the block" => peer.Headers(1, true, RawPeer.Get)
                .Frame(FrameType.Continuation, EndHeaders, 1, block),
            "8.4 PUSH_PROMISE" => peer.Frame(FrameType.PushPromise, EndHeaders, 1, [0, 0, 0, 2, .. block]),
            "5.1 half closed: DATA" => peer.Headers(1, true, waiting).Data(1, true, "x"),
            "5.1 half closed: HEADERS" => peer.Headers(1, true, waiting).Headers(1, true, waiting),
            "5.1 reset: DATA" => peer.Headers(1, false, RawPeer.Post).Reset(1).Data(1, true, "x"),
            "5.1 reset: HEADERS" => peer.Headers(1, false, RawPeer.Post).Reset(1).Headers(1, true, RawPeer.Get),
            "5.3 HEADERS that depends on itself" => peer.Frame(
                FrameType.Headers,
                EndHeaders | EndStream | FrameFlags.Priority,
                1,
                [0, 0, 0, 1, 5, .. block]
            ),
            "6.3 PRIORITY of another length" => peer.Headers(1, false, RawPeer.Post)
                .Frame(FrameType.Priority, None, 1, new byte[4]),
            "6.9 WINDOW_UPDATE of 0 on a stream" => peer.Headers(1, false, RawPeer.Post).WindowUpdate(1, 0),
            "6.9.1 WINDOW_UPDATE above the maximum on a stream" => peer.Headers(1, false, RawPeer.Post)
                .WindowUpdate(1, int.MaxValue),
            "8.1 trailers without END_STREAM" => peer.Headers(1, false, RawPeer.Post)
                .Data(1, false, "x")
                .Headers(1, false, ("a", "b")),
            "8.1 a pseudo-header field in trailers" => peer.Headers(1, false, RawPeer.Post)
                .Data(1, false, "x")
                .Headers(1, true, (":method", "GET")),
            "8.1.1 less DATA than content-length" => peer.Headers(1, false, [.. RawPeer.Post, ("content-length", "2")])
                .Data(1, true, "x"),
            "8.1.1 more DATA than content-length" => peer.Headers(1, false, [.. RawPeer.Post, ("content-length", "2")])
                .Data(1, false, "xxx"),
            _ => throw new ArgumentException(rule, nameof(rule)),
        };
    }
}
