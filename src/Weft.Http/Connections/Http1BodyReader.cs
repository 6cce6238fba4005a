using Weft.Net;

namespace Weft.Http;

/// <summary>Reads the body of a message from an HTTP/1.1 connection, its framing taken off.</summary>
public sealed class Http1BodyReader(ReceiveBuffer input) : BodySource
{
    // A body that announces more than this is read through a large buffer.
    private const int LargeBody = 6 * 1024;

    // Made with the first chunked body: most connections never carry one.
    private TrailerFields? _trailers;
    private BodyKind _kind;
    private long _remaining;
    private ChunkedDecoder _chunked;
    private BodyState _state = BodyState.Last;
    private bool _isTunnel;

    public override bool IsComplete => _state == BodyState.Last;

    public override RejectReason Reason => _kind == BodyKind.Chunked ? _chunked.Reason : RejectReason.None;

    public override TrailerFields? Trailers =>
        _kind == BodyKind.Chunked && IsComplete && _trailers is { Count: > 0 } ? _trailers : null;

    /// <summary>Begins the body of <paramref name="head"/>; the first byte behind the head is the input's next.</summary>
    public void Begin(MessageHead head)
    {
        _kind = head.Body;
        _state = BodyState.More;
        _isTunnel = false;
        switch (_kind)
        {
            case BodyKind.None:
                _state = BodyState.Last;
                break;
            case BodyKind.Length:
                _remaining = head.ContentLength;
                _state = _remaining == 0 ? BodyState.Last : BodyState.More;
                break;
            case BodyKind.Chunked:
                _chunked = new ChunkedDecoder(_trailers ??= new TrailerFields());
                break;
        }
    }

    /// <summary>
    /// From here on everything is the tunnel's, until the peer ends its side. Once more of it is read, the head that lies before it is gone.
    /// </summary>
    public void BeginTunnel()
    {
        _kind = BodyKind.UntilClose;
        _state = BodyState.More;
        _isTunnel = true;
    }

    public override BodyChunk Take()
    {
        if (_state != BodyState.More)
        {
            return new BodyChunk(default, _state);
        }

        switch (_kind)
        {
            case BodyKind.Length:
                var count = (int)Math.Min(_remaining, input.Available);
                _remaining -= count;
                _state = _remaining == 0 ? BodyState.Last : BodyState.More;
                return new BodyChunk(input.Take(count), _state);
            case BodyKind.Chunked:
                return TakeChunks();
            default:
                return new BodyChunk(input.Take(input.Available), BodyState.More);
        }
    }

    public override LoopTask<BodyChunk> ReadAsync()
    {
        var chunk = Take();
        return chunk.State != BodyState.More || !chunk.Data.IsEmpty ? new LoopTask<BodyChunk>(chunk) : ReceiveAsync();
    }

    private async LoopTask<BodyChunk> ReceiveAsync()
    {
        if (_isTunnel)
        {
            input.Release(); // Its head was passed on before the first byte, and a tunnel may be quiet for hours.
        }

        while (true)
        {
            var large = _kind == BodyKind.Length ? _remaining > LargeBody : input.Available == 0;
            var n = await input.FillAsync(large);
            if (n <= 0)
            {
                // Until-close bodies end with the connection, but a reset is never an end.
                _state = n == 0 && _kind == BodyKind.UntilClose ? BodyState.Last : BodyState.Broken;
                return new BodyChunk(default, _state);
            }

            var chunk = Take();
            if (chunk.State != BodyState.More || !chunk.Data.IsEmpty)
            {
                return chunk;
            }
        }
    }

    /// <summary>
    /// Decodes all that is there. The data of several chunks are moved together inside the buffer, over the framing between them, so that
    /// they leave as one piece.
    /// </summary>
    private BodyChunk TakeChunks()
    {
        var buffer = input.Array;
        var first = -1;
        var end = 0;
        while (true)
        {
            var start = input.Start;
            var step = _chunked.Step(buffer.AsSpan(start, input.Available), out var consumed, out var length);
            input.Consume(consumed);
            if (step == ChunkStep.Data)
            {
                var data = start + consumed - length;
                if (first < 0)
                {
                    first = data;
                    end = data + length;
                }
                else
                {
                    buffer.AsSpan(data, length).CopyTo(buffer.AsSpan(end));
                    end += length;
                }

                continue;
            }

            _state = step switch
            {
                ChunkStep.End => BodyState.Last,
                ChunkStep.Rejected => BodyState.Malformed,
                _ => BodyState.More,
            };
            var taken = first < 0 ? default : new ReadOnlyMemory<byte>(buffer, first, end - first);
            return new BodyChunk(taken, _state);
        }
    }
}
