using Weft.Net;

namespace Weft.Http;

/// <summary>
/// Sends heads and bodies on an HTTP/1.1 connection: built in the loop's scratch memory and handed to the kernel in one call, with a copy made
/// only of what the kernel does not take at once.
/// </summary>
internal static class MessageWriter
{
    // Up to this much of a body is copied behind its head: cheaper than a gathered write.
    private const int CopyLimit = 8 * 1024;
    private const int ChunkOverhead = HeadWriter.MaxChunkSizeBytes + 2;

    /// <summary>Sends the <paramref name="headLength"/> bytes that stand in the scratch memory, and a first piece of body.</summary>
    public static LoopTask<bool> SendHeadAsync(
        Connection connection,
        int headLength,
        BodyChunk chunk,
        bool chunked,
        TrailerFields? trailers
    ) => SendAsync(connection, headLength, chunk, chunked, trailers);

    /// <summary>
    /// Sends a head that the scratch memory could not hold: it stands in <paramref name="rented"/>, which is given back. A negative length
    /// says that it could not be written at all; then nobody must wait for an answer to it, and the connection is aborted.
    /// </summary>
    public static async LoopTask<bool> SendLargeHeadAsync(
        Connection connection,
        byte[] rented,
        int headLength,
        BodyChunk chunk,
        bool chunked,
        TrailerFields? trailers
    )
    {
        if (headLength < 0)
        {
            connection.Abort();
        }

        var sound = headLength >= 0 && await connection.WriteAsync(rented.AsMemory(0, headLength));
        connection.Loop.Buffers.Return(rented);
        return sound && await SendBodyAsync(connection, chunk, chunked, trailers);
    }

    /// <summary>Sends a piece of body, framed.</summary>
    public static LoopTask<bool> SendBodyAsync(
        Connection connection,
        BodyChunk chunk,
        bool chunked,
        TrailerFields? trailers
    ) => SendAsync(connection, 0, chunk, chunked, trailers);

    /// <summary>Sends what a tunnel carries as it is; after the last piece, the end of this side.</summary>
    public static LoopTask<bool> SendRawAsync(Connection connection, BodyChunk chunk) =>
        EndTunnel(connection, chunk, SendAsync(connection, 0, chunk, chunked: false, null));

    /// <summary>Says that this side of a tunnel has ended, when <paramref name="chunk"/>, which is being sent, was the last.</summary>
    public static LoopTask<bool> EndTunnel(Connection connection, BodyChunk chunk, LoopTask<bool> sending)
    {
        if (!chunk.IsLast)
        {
            return sending;
        }

        if (!sending.IsCompleted)
        {
            return EndTunnelLaterAsync(connection, sending);
        }

        var sound = sending.GetAwaiter().GetResult();
        connection.ShutdownWrite();
        return new LoopTask<bool>(sound);
    }

    private static async LoopTask<bool> EndTunnelLaterAsync(Connection connection, LoopTask<bool> sending)
    {
        var sound = await sending;
        connection.ShutdownWrite();
        return sound;
    }

    private static LoopTask<bool> SendAsync(
        Connection connection,
        int headLength,
        BodyChunk chunk,
        bool chunked,
        TrailerFields? trailers
    )
    {
        var scratch = connection.Loop.Scratch;
        var data = chunk.Data;
        var writer = new HeadWriter(scratch.AsSpan(headLength));
        if (chunked && !data.IsEmpty)
        {
            writer.ChunkSize(data.Length);
        }

        var copied = data.Length <= CopyLimit && headLength + data.Length + ChunkOverhead < scratch.Length;
        if (copied)
        {
            writer.Raw(data.Span);
            data = default;
        }

        var split = writer.Written;
        if (chunked)
        {
            WriteChunkEnd(ref writer, chunk, trailers);
        }

        if (writer.Failed)
        {
            // The head leaves too little room for the trailers. Without a head there is room for the largest.
            var rented = connection.Loop.Buffers.Rent(headLength);
            scratch.AsSpan(0, headLength).CopyTo(rented);
            return SendLargeHeadAsync(connection, rented, headLength, chunk, chunked, trailers);
        }

        var before = scratch.AsSpan(0, headLength + (data.IsEmpty ? writer.Written : split));
        var after = data.IsEmpty ? default : scratch.AsSpan(headLength + split, writer.Written - split);
        var total = before.Length + data.Length + after.Length;
        if (total == 0)
        {
            return new LoopTask<bool>(result: true);
        }

        var n = data.IsEmpty ? connection.TryWrite(before) : connection.TryWrite(before, data.Span, after);
        if (n == total)
        {
            return new LoopTask<bool>(result: true);
        }

        return n == Connection.Broken
            ? new LoopTask<bool>(result: false)
            : SendRestAsync(connection, Math.Max(n, 0), before, data, after);
    }

    private static void WriteChunkEnd(ref HeadWriter writer, BodyChunk chunk, TrailerFields? trailers)
    {
        if (!chunk.Data.IsEmpty)
        {
            writer.End();
        }

        if (chunk.IsLast)
        {
            writer.ChunkSize(0);
            if (trailers is not null)
            {
                writer.Fields(trailers);
            }

            writer.End();
        }
    }

    /// <summary>Keeps what the kernel did not take: the scratch memory is someone else's after this call.</summary>
    private static LoopTask<bool> SendRestAsync(
        Connection connection,
        int sent,
        ReadOnlySpan<byte> before,
        ReadOnlyMemory<byte> data,
        ReadOnlySpan<byte> after
    )
    {
        var beforeLeft = Math.Max(0, before.Length - sent);
        sent -= before.Length - beforeLeft;
        var dataLeft = Math.Max(0, data.Length - sent);
        sent -= data.Length - dataLeft;
        var afterLeft = after.Length - sent;
        var copy = connection.Loop.Buffers.Rent(beforeLeft + afterLeft);
        before[^beforeLeft..].CopyTo(copy);
        after[^afterLeft..].CopyTo(copy.AsSpan(beforeLeft));
        return FinishAsync(
            connection,
            copy,
            copy.AsMemory(0, beforeLeft),
            data[^dataLeft..],
            copy.AsMemory(beforeLeft, afterLeft)
        );
    }

    private static async LoopTask<bool> FinishAsync(
        Connection connection,
        byte[] copy,
        ReadOnlyMemory<byte> before,
        ReadOnlyMemory<byte> data,
        ReadOnlyMemory<byte> after
    )
    {
        var sound = await connection.WriteAsync(before, data) && await connection.WriteAsync(after);
        connection.Loop.Buffers.Return(copy);
        return sound;
    }
}
