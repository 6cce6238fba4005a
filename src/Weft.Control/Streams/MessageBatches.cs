using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>Puts encoded resources together to messages, without encoding them again.</summary>
internal static class MessageBatches
{
    /// <summary>Bytes of resources after which a message ends: small enough to be read in pieces, large enough to be few.</summary>
    public const int MessageBytes = 256 * 1024;

    /// <summary>Writes resources that belong together.</summary>
    public static async Task WriteAsync(
        PipeWriter output,
        IReadOnlyList<ReadOnlyMemory<byte>> parts,
        Func<ulong> nextNumber,
        CancellationToken stop
    )
    {
        var from = 0;
        do
        {
            var (to, length) = (from, 0);
            while (to < parts.Count && (to == from || length + parts[to].Length <= MessageBytes))
            {
                length += parts[to++].Length;
            }

            Write(output, parts, from, to, length, nextNumber(), isComplete: to == parts.Count);
            await output.FlushAsync(stop);
            from = to;
        } while (from < parts.Count);
    }

    private static void Write(
        PipeWriter output,
        IReadOnlyList<ReadOnlyMemory<byte>> parts,
        int from,
        int to,
        int length,
        ulong number,
        bool isComplete
    )
    {
        // Fields of a message may come in any order (protobuf, encoding): the shared bytes, then what is this stream's own.
        var rest = new ControlMessage { Number = number, Complete = isComplete }.ToByteArray();
        GrpcMessages.WritePrefix(output, length + rest.Length);
        for (var i = from; i < to; i++)
        {
            output.Write(parts[i].Span);
        }

        output.Write(rest);
    }
}
