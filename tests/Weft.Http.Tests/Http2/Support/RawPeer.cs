using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Http.Tests.Http2;

/// <summary>A frame as it was received.</summary>
internal sealed record RawFrame(FrameType Type, FrameFlags Flags, int StreamId, byte[] Payload)
{
    public bool IsEndStream => (Flags & FrameFlags.EndStream) != FrameFlags.None;

    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);

    public Http2ErrorCode ErrorCode =>
        (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == FrameType.GoAway ? 4 : 0));
}

/// <summary>Speaks raw frames over a plain socket, on either side.</summary>
internal sealed class RawPeer : IDisposable
{
    public static readonly (string, string)[] Get =
    [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "books.example"),
    ];

    public static readonly (string, string)[] Post =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "books.example"),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly MemoryStream _toSend = new();
    private readonly HpackDecoder _decoder = new(4096);
    private byte[] _received = [];

    public RawPeer(Socket socket) => _socket = socket;

    public static async Task<RawPeer> ConnectRawAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        return new RawPeer(socket);
    }

    /// <summary>Connects and exchanges prefaces and SETTINGS.</summary>
    public static async Task<RawPeer> ConnectAsync(IPEndPoint endPoint, params (int Id, uint Value)[] settings)
    {
        var peer = await ConnectRawAsync(endPoint);
        peer.Bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        peer.Settings(settings);
        await peer.FlushAsync();
        Assert.Equal(FrameType.Settings, (await peer.NextAsync())!.Type);
        peer.Frame(FrameType.Settings, FrameFlags.Ack, 0, []);
        await peer.FlushAsync();
        return peer;
    }

    /// <summary>Takes the other side's role: accepts a client, whose preface and SETTINGS are answered, and waits for its answer.</summary>
    public static async Task<RawPeer> AcceptAsync(Socket listener, params (int Id, uint Value)[] settings)
    {
        var peer = await AcceptEagerAsync(listener, settings);
        await peer.SkipToAsync(FrameType.Settings, FrameFlags.Ack);
        return peer;
    }

    /// <summary>The same without waiting, for a client that sends requests at once.</summary>
    public static async Task<RawPeer> AcceptEagerAsync(Socket listener, params (int Id, uint Value)[] settings)
    {
        var peer = new RawPeer(await listener.AcceptAsync());
        while (peer._received.Length < Http2ServerConnection.PriorKnowledge.Length)
        {
            peer._received = [.. peer._received, .. await peer.ReceiveAsync()];
        }

        peer._received = peer._received[Http2ServerConnection.PriorKnowledge.Length..];
        await peer.Settings(settings).Frame(FrameType.Settings, FrameFlags.Ack, 0, []).FlushAsync();
        return peer;
    }

    public RawPeer GoAway(int lastStream, Http2ErrorCode code)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], (int)code);
        return Frame(FrameType.GoAway, FrameFlags.None, 0, payload);
    }

    public RawPeer Bytes(ReadOnlySpan<byte> bytes)
    {
        _toSend.Write(bytes);
        return this;
    }

    public RawPeer Frame(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeader.Size];
        new FrameHeader(payload.Length, type, flags, streamId).Write(header);
        return Bytes(header).Bytes(payload);
    }

    public RawPeer Settings(params (int Id, uint Value)[] settings)
    {
        var payload = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            Http2Settings.Write(payload.AsSpan(i * 6), (SettingId)settings[i].Id, settings[i].Value);
        }

        return Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    public RawPeer Headers(int streamId, bool endStream, params IEnumerable<(string, string)> fields) =>
        Frame(
            FrameType.Headers,
            FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : FrameFlags.None),
            streamId,
            FieldList.Encode(fields)
        );

    public RawPeer Data(int streamId, bool endStream, string text = "") =>
        Frame(
            FrameType.Data,
            endStream ? FrameFlags.EndStream : FrameFlags.None,
            streamId,
            Encoding.ASCII.GetBytes(text)
        );

    public RawPeer Reset(int streamId, Http2ErrorCode code = Http2ErrorCode.Cancel) =>
        Number(FrameType.ResetStream, streamId, (int)code);

    public RawPeer WindowUpdate(int streamId, int increment) => Number(FrameType.WindowUpdate, streamId, increment);

    public async Task<RawPeer> FlushAsync()
    {
        var bytes = _toSend.ToArray();
        _toSend.SetLength(0);
        try
        {
            for (var sent = 0; sent < bytes.Length; )
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Patience, TimeProvider.System);
            }
        }
        catch (SocketException)
        {
            // The other side has closed; what it said before is still to be read.
            return this;
        }

        return this;
    }

    /// <summary>The next frame; null at the end of the connection.</summary>
    public async Task<RawFrame?> NextAsync()
    {
        while (true)
        {
            if (_received.Length >= FrameHeader.Size)
            {
                var header = FrameHeader.Read(_received);
                if (_received.Length >= FrameHeader.Size + header.Length)
                {
                    var payload = _received.AsSpan(FrameHeader.Size, header.Length).ToArray();
                    _received = _received[(FrameHeader.Size + header.Length)..];
                    return new RawFrame(header.Type, header.Flags, header.StreamId, payload);
                }
            }

            var more = await ReceiveAsync();
            if (more.Length == 0)
            {
                return null;
            }

            _received = [.. _received, .. more];
        }
    }

    /// <summary>The next frame that is neither SETTINGS nor WINDOW_UPDATE nor PING.</summary>
    public async Task<RawFrame?> NextMessageAsync()
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame is null || frame.Type is not (FrameType.Settings or FrameType.WindowUpdate or FrameType.Ping))
            {
                return frame;
            }
        }
    }

    public async Task<RawFrame> ExpectAsync(FrameType type, int streamId)
    {
        var frame = await NextMessageAsync();
        Assert.NotNull(frame);
        Assert.Equal(
            (type, streamId, frame.Type >= FrameType.ResetStream ? $"{frame.ErrorCode}" : ""),
            (frame.Type, frame.StreamId, frame.Type >= FrameType.ResetStream ? $"{frame.ErrorCode}" : "")
        );
        return frame;
    }

    /// <summary>The next frame of this type, whatever comes before it.</summary>
    public async Task<RawFrame> SkipToAsync(FrameType type, FrameFlags flags = FrameFlags.None)
    {
        while (true)
        {
            var frame = await NextAsync();
            Assert.True(frame is not null, $"The connection ended before {type}.");
            if (frame.Type == type && (frame.Flags & flags) == flags)
            {
                return frame;
            }
        }
    }

    public async Task ExpectResetAsync(int streamId, Http2ErrorCode code)
    {
        var frame = await ExpectAsync(FrameType.ResetStream, streamId);
        Assert.Equal(code, frame.ErrorCode);
    }

    /// <summary>GOAWAY with this code, then the end of the connection.</summary>
    public async Task ExpectGoAwayAsync(Http2ErrorCode code)
    {
        var frame = await SkipToAsync(FrameType.GoAway);
        Assert.Equal(code, frame.ErrorCode);
        Assert.Null(await NextAsync());
    }

    /// <summary>A whole response on a stream: its fields, its body, its trailers.</summary>
    public async Task<RawResponse> ResponseAsync(int streamId)
    {
        var response = new RawResponse();
        while (true)
        {
            var frame = await NextMessageAsync();
            Assert.NotNull(frame);
            Assert.Equal(streamId, frame.StreamId);
            if (frame.Type == FrameType.Headers)
            {
                Assert.NotEqual(FrameFlags.None, frame.Flags & FrameFlags.EndHeaders);
                (
                    response.Body.Length == 0 && response.Fields.Count == 0 ? response.Fields : response.Trailers
                ).AddRange(Decode(frame));
            }
            else
            {
                Assert.Equal(FrameType.Data, frame.Type);
                response.Body += Encoding.ASCII.GetString(frame.Payload);
            }

            if (frame.IsEndStream)
            {
                return response;
            }
        }
    }

    public List<(string Name, string Value)> Decode(RawFrame frame) => FieldList.Decode(_decoder, frame.Payload);

    /// <summary>Asks and gets an answer: the connection is alive.</summary>
    public async Task ExpectAliveAsync(int streamId)
    {
        await Headers(streamId, endStream: true, Get).FlushAsync();
        Assert.Equal("200", (await ResponseAsync(streamId)).Status);
    }

    public void Dispose() => _socket.Dispose();

    public void Shutdown() => _socket.Shutdown(SocketShutdown.Send);

    private RawPeer Number(FrameType type, int streamId, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return Frame(type, FrameFlags.None, streamId, payload);
    }

    private async Task<byte[]> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var n = await _socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Patience, TimeProvider.System);
            return buffer[..n];
        }
        catch (SocketException)
        {
            // A reset ends a connection too.
            return [];
        }
    }
}

internal sealed class RawResponse
{
    public List<(string Name, string Value)> Fields { get; } = [];

    public List<(string Name, string Value)> Trailers { get; } = [];

    public string Body { get; set; } = "";

    public string Status => Fields[0].Value;
}
