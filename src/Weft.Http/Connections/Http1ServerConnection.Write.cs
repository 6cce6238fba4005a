using Weft.Net;

namespace Weft.Http;

public sealed partial class Http1ServerConnection
{
    private static readonly FieldBlock s_close = new(("connection", "close"));
    private static readonly FieldBlock s_keepAlive = new(("connection", "keep-alive"));
    private static readonly FieldBlock s_chunked = new(("transfer-encoding", "chunked"));

    private LoopTask<bool> SendAsync(
        ResponseHead head,
        AddedFields? added,
        BodyChunk first,
        bool chunked,
        TrailerFields? trailers
    )
    {
        var length = WriteHead(Loop.Scratch, head, added);
        if (length >= 0)
        {
            return MessageWriter.SendHeadAsync(Connection, length, first, chunked, trailers);
        }

        var large = Loop.Buffers.Rent(BufferPool.MaxSize);
        length = WriteHead(large, head, added);
        return MessageWriter.SendLargeHeadAsync(Connection, large, length, first, chunked, trailers);
    }

    /// <summary>
    /// The length of the head; -1 when it does not fit or cannot be written. A final one says how it is framed here and whether the connection
    /// stays; an interim one has nothing added.
    /// </summary>
    private int WriteHead(Span<byte> destination, ResponseHead head, AddedFields? added)
    {
        var writer = new HeadWriter(destination);
        var status = _isTunnel && !Request.Protocol.IsEmpty ? 101 : head.Status;
        var hasReason = head.Version != ProtocolVersion.Http2 && !head.SwitchesProtocol; // HTTP/2 knows none.
        writer.StatusLine(status, hasReason ? head.Reason : ReasonPhrase.Of(status));
        writer.Fields(head);
        if (added is not null)
        {
            added.WriteTo(ref writer);
            if (_chunkedResponse)
            {
                writer.Raw(s_chunked.Lines);
            }

            if (_isTunnel)
            {
                WriteSwitch(ref writer);
            }
            else
            {
                WriteConnectionField(ref writer);
            }
        }

        writer.End();
        return writer.Failed ? -1 : writer.Written;
    }

    /// <summary>Says what the connection carries from here on; after a CONNECT nothing has to be said.</summary>
    private void WriteSwitch(ref HeadWriter writer)
    {
        if (Request.Protocol.IsEmpty)
        {
            return;
        }

        writer.Field(KnownHeader.Connection, "upgrade"u8);
        writer.Field(KnownHeader.Upgrade, Request.Protocol);
        if (!Request.WebSocketKey.IsEmpty)
        {
            Span<byte> accept = stackalloc byte[WebSocketHandshake.AcceptBytes];
            WebSocketHandshake.WriteAccept(Request.WebSocketKey, accept);
            writer.Field(WebSocketHandshake.AcceptName, accept);
        }
    }

    /// <summary>Writes the head of an answer made here into the scratch memory; returns its length.</summary>
    private int WriteLocalHead(int status, FieldBlock fields, int? contentLength)
    {
        var writer = new HeadWriter(Loop.Scratch);
        writer.StatusLine(status, ReasonPhrase.Of(status));
        writer.Raw(fields.Lines);
        if (contentLength is { } length)
        {
            writer.Field(KnownHeader.ContentLength, length);
        }

        WriteConnectionField(ref writer);
        writer.End();
        return writer.Failed
            ? throw new ArgumentException("The fields of an answer made here do not fit a head.", nameof(fields))
            : writer.Written;
    }

    private void WriteConnectionField(ref HeadWriter writer)
    {
        if (_closeAfterResponse)
        {
            writer.Raw(s_close.Lines);
        }
        else if (Request.Version == ProtocolVersion.Http10)
        {
            writer.Raw(s_keepAlive.Lines);
        }
    }
}
