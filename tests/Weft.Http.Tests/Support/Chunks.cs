using System.Text;

namespace Weft.Http.Tests;

/// <summary>Decodes chunked bodies that arrive in given pieces.</summary>
internal static class Chunks
{
    internal sealed record Outcome(ChunkStep End, RejectReason Reason, string Data, int Consumed, string Trailers);

    public static Outcome Decode(string text, params int[] cuts) => Decode(Wire.Bytes(text), new TrailerFields(), cuts);

    /// <summary>Feeds the pieces between the cuts, in order; stops at the end or at a refusal.</summary>
    public static Outcome Decode(byte[] bytes, TrailerFields trailers, params int[] cuts)
    {
        var decoder = new ChunkedDecoder(trailers);
        var data = new StringBuilder();
        var position = 0;
        var step = ChunkStep.NeedMore;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            do
            {
                var piece = bytes.AsSpan(position, cut - position);
                step = decoder.Step(piece, out var consumed, out var length);
                Assert.InRange(consumed, 0, piece.Length);
                Assert.InRange(length, 0, consumed);
                data.Append(Wire.Text(piece[(consumed - length)..consumed]));
                position += consumed;
            } while (step == ChunkStep.Data);

            if (step != ChunkStep.NeedMore)
            {
                break;
            }

            Assert.Equal(cut, position);
        }

        Assert.Equal(step == ChunkStep.End, decoder.IsComplete);
        // Once refused, nothing behind is read any more: how far it got has no meaning.
        var end = step == ChunkStep.Rejected ? -1 : position;
        return new(step, decoder.Reason, data.ToString(), end, Wire.Describe(trailers));
    }
}
