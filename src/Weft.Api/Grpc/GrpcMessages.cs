using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Weft.Api.Grpc;

/// <summary>
/// Messages of a gRPC stream within an HTTP/2 body (gRPC over HTTP2, "Length-Prefixed-Message"): a byte that says whether the
/// message is compressed, its length in four bytes, the most significant first, and the message. Compression is never offered
/// here, so a compressed message is an error.
/// </summary>
public static class GrpcMessages
{
    /// <summary>Bytes before a message.</summary>
    public const int PrefixLength = 5;

    /// <summary>Bytes of one message, as gRPC's own libraries have it by default.</summary>
    public const int MaxMessage = 4 * 1024 * 1024;

    public const string ContentType = "application/grpc";

    /// <summary>Writes what comes before a message of a length.</summary>
    public static void WritePrefix(IBufferWriter<byte> output, int length)
    {
        ArgumentNullException.ThrowIfNull(output);
        var prefix = output.GetSpan(PrefixLength);
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        output.Advance(PrefixLength);
    }

    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var length = message.CalculateSize();
        if (length > MaxMessage)
        {
            throw new GrpcFormatException($"a message of {length} bytes is more than the {MaxMessage} that are sent");
        }

        WritePrefix(output, length);
        message.WriteTo(output);
    }

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="GrpcFormatException">It is compressed, too long, cut off, or no such message.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader input, MessageParser<T> parser, CancellationToken stop)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(parser);
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var buffer = read.Buffer;
            if (TrySlice(buffer, out var message))
            {
                try
                {
                    return parser.ParseFrom(message);
                }
                catch (InvalidProtocolBufferException error)
                {
                    throw new GrpcFormatException($"a message cannot be read: {error.Message}");
                }
                finally
                {
                    input.AdvanceTo(message.End);
                }
            }

            var isCut = !buffer.IsEmpty;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return isCut ? throw new GrpcFormatException("the stream ended within a message") : null;
            }
        }
    }

    private static bool TrySlice(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new GrpcFormatException("a message is compressed, and compression was not offered");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > MaxMessage)
        {
            throw new GrpcFormatException($"a message of {length} bytes is more than the {MaxMessage} that are taken");
        }

        if (buffer.Length < PrefixLength + length)
        {
            return false;
        }

        message = buffer.Slice(PrefixLength, length);
        return true;
    }
}
