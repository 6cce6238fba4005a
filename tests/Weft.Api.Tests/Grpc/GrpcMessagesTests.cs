using System.Buffers;
using System.IO.Pipelines;
using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Api.Tests.Grpc;

public sealed class GrpcMessagesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<ProxyMessage?> ReadAsync(PipeReader input) =>
        GrpcMessages.ReadAsync(input, ProxyMessage.Parser, Stop).AsTask();

    private static ProxyMessage Message(string id) => new() { Hello = new Hello { ProxyId = id } };

    [Fact]
    public async Task messages_come_out_as_they_went_in_however_they_are_cut()
    {
        var bytes = new ArrayBufferWriter<byte>();
        GrpcMessages.Write(bytes, Message("a"));
        GrpcMessages.Write(bytes, new ProxyMessage());
        GrpcMessages.Write(bytes, Message(new string('b', 70_000)));
        for (var piece = 1; piece < 100_000; piece = (piece * 7) + 1)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            for (var at = 0; at < bytes.WrittenCount; at += piece)
            {
                await pipe.Writer.WriteAsync(bytes.WrittenMemory[at..Math.Min(bytes.WrittenCount, at + piece)], Stop);
            }

            await pipe.Writer.CompleteAsync();
            Assert.Equal(Message("a"), await ReadAsync(pipe.Reader));
            Assert.Equal(new ProxyMessage(), await ReadAsync(pipe.Reader));
            Assert.Equal(70_000, (await ReadAsync(pipe.Reader))?.Hello.ProxyId.Length);
            Assert.Null(await ReadAsync(pipe.Reader));
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "compressed")]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF }, "4294967295 bytes")]
    [InlineData(new byte[] { 0, 0, 0x40, 0, 1 }, "4194305 bytes")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "within a message")]
    [InlineData(new byte[] { 0, 0 }, "within a message")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0xFF, 0xFF }, "cannot be read")]
    public async Task what_is_no_message_is_refused_with_a_reason(byte[] bytes, string reason)
    {
        var input = PipeReader.Create(new ReadOnlySequence<byte>(bytes));
        var error = await Assert.ThrowsAsync<GrpcFormatException>(() => ReadAsync(input));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void the_prefix_is_a_zero_and_the_length_in_network_order()
    {
        var bytes = new ArrayBufferWriter<byte>();
        GrpcMessages.WritePrefix(bytes, 0x010203);
        Assert.Equal(new byte[] { 0, 0, 1, 2, 3 }, bytes.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("plain text, really", "plain text, really")]
    [InlineData("50% – done\n", "50%25 %E2%80%93 done%0A")]
    public void a_status_message_fits_into_a_header_and_comes_back(string message, string header)
    {
        Assert.Equal(header, GrpcStatus.Encode(message));
        Assert.Equal(message, GrpcStatus.Decode(header));
    }
}
