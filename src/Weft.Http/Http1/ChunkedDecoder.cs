namespace Weft.Http;

/// <summary>What <see cref="ChunkedDecoder.Step"/> came to.</summary>
public enum ChunkStep : byte
{
    /// <summary>All input is consumed and more is needed.</summary>
    NeedMore,

    /// <summary>Data of the body; call again for what follows.</summary>
    Data,

    /// <summary>The body and its trailers are complete.</summary>
    End,

    /// <summary>The body breaks a rule; see <see cref="ChunkedDecoder.Reason"/>.</summary>
    Rejected,
}

/// <summary>
/// Takes the chunked transfer coding off a body (RFC 9112 section 7.1), whatever the pieces in which it arrives. A plain
/// state machine: no buffer but that of the trailers.
/// </summary>
/// <remarks>
/// Strict where leniency has let requests be smuggled: CR LF only, no white space around the size, at most 16 digits, and
/// no control byte in extensions. A body whose extensions outweigh its data is refused.
/// </remarks>
public struct ChunkedDecoder
{
    /// <summary>The most hexadecimal digits of a chunk size, leading zeros included.</summary>
    public const int MaxSizeDigits = 16;

    /// <summary>The most bytes of extensions in one chunk's first line.</summary>
    public const int MaxExtensionBytesPerChunk = 1024;

    /// <summary>How many bytes of extensions a body may have beyond its bytes of data.</summary>
    public const int MaxExtensionBytesUnpaid = 16 * 1024;

    private readonly TrailerFields _trailers;
    private FieldLineReader _lines;
    private long _remaining;
    private long _extensionDebt;
    private int _extensionBytes;
    private byte _digits;
    private State _state;

    private enum State : byte
    {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        FirstTrailer,
        FinalLineFeed,
        Trailers,
        End,
        Rejected,
    }

    /// <summary>Begins a body. <paramref name="trailers"/> is emptied now and filled at the end.</summary>
    public ChunkedDecoder(TrailerFields trailers)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        trailers.Reset();
        _trailers = trailers;
    }

    /// <summary>Why the body was rejected.</summary>
    public RejectReason Reason { readonly get; private set; }

    /// <summary>The body and its trailers are complete.</summary>
    public readonly bool IsComplete => _state == State.End;

    /// <summary>
    /// Goes on decoding. With <see cref="ChunkStep.Data"/>, the data are the last <paramref name="dataLength"/> of the
    /// <paramref name="consumed"/> bytes. With <see cref="ChunkStep.End"/>, what is behind the consumed bytes belongs to the
    /// next message.
    /// </summary>
    public ChunkStep Step(ReadOnlySpan<byte> input, out int consumed, out int dataLength)
    {
        consumed = 0;
        dataLength = 0;
        while (true)
        {
            switch (_state)
            {
                case State.Data when consumed < input.Length:
                    dataLength = (int)Math.Min(_remaining, input.Length - consumed);
                    consumed += dataLength;
                    _remaining -= dataLength;
                    if (_remaining == 0)
                    {
                        _state = State.DataReturn;
                    }

                    return ChunkStep.Data;

                case State.Trailers when consumed < input.Length:
                    return ReadTrailers(input, ref consumed);

                case State.End:
                    return ChunkStep.End;

                case State.Rejected:
                    return ChunkStep.Rejected;
            }

            if (consumed == input.Length)
            {
                return ChunkStep.NeedMore;
            }

            var reason = OnFramingByte(input[consumed]);
            if (reason != RejectReason.None)
            {
                return Reject(reason);
            }

            // The first byte of a trailer is not consumed by looking at it.
            if (_state != State.Trailers)
            {
                consumed++;
            }
        }
    }

    private RejectReason OnFramingByte(byte next)
    {
        switch (_state)
        {
            case State.Size:
                return OnSizeByte(next);
            case State.Extension:
                return OnExtensionByte(next);
            case State.SizeLineFeed:
                _extensionDebt = Math.Max(0, _extensionDebt - _remaining);
                _digits = 0;
                _extensionBytes = 0;
                _state = _remaining == 0 ? State.FirstTrailer : State.Data;
                return next == (byte)'\n' ? RejectReason.None : RejectReason.BareCarriageReturn;
            case State.DataReturn:
                _state = State.DataLineFeed;
                return next == (byte)'\r' ? RejectReason.None : RejectReason.UnterminatedChunk;
            case State.DataLineFeed:
                _state = State.Size;
                return next == (byte)'\n' ? RejectReason.None : RejectReason.UnterminatedChunk;
            case State.FirstTrailer:
                // Most bodies have no trailers: then no buffer is taken for them.
                if (next == (byte)'\r')
                {
                    _state = State.FinalLineFeed;
                }
                else
                {
                    _lines.Begin(0);
                    _state = State.Trailers;
                }

                return RejectReason.None;
            default:
                _state = State.End;
                return next == (byte)'\n' ? RejectReason.None : RejectReason.BareCarriageReturn;
        }
    }

    private RejectReason OnSizeByte(byte next)
    {
        var digit = HexValue(next);
        if (digit >= 0)
        {
            if (++_digits > MaxSizeDigits || _remaining > long.MaxValue >> 4)
            {
                return RejectReason.ChunkSizeTooLarge;
            }

            _remaining = (_remaining << 4) | (uint)digit;
            return RejectReason.None;
        }

        if (_digits == 0)
        {
            return RejectReason.InvalidChunkSize;
        }

        switch (next)
        {
            case (byte)'\r':
                _state = State.SizeLineFeed;
                return RejectReason.None;
            case (byte)';':
                _state = State.Extension;
                return OnExtensionByte(next);
            case (byte)'\n':
                return RejectReason.BareLineFeed;
            default:
                return RejectReason.InvalidChunkSize;
        }
    }

    private RejectReason OnExtensionByte(byte next)
    {
        if (next == (byte)'\r')
        {
            _state = State.SizeLineFeed;
            return RejectReason.None;
        }

        if (next is (< 0x20 and not (byte)'\t') or 0x7F)
        {
            return Grammar.Blame(next);
        }

        return ++_extensionBytes > MaxExtensionBytesPerChunk || ++_extensionDebt > MaxExtensionBytesUnpaid
            ? RejectReason.ChunkExtensionsTooLarge
            : RejectReason.None;
    }

    private ChunkStep ReadTrailers(ReadOnlySpan<byte> input, ref int consumed)
    {
        var before = _trailers.Held;
        var taken = _trailers.Append(input[consumed..]);
        var status = _lines.Read(_trailers, _trailers.Held, TrailerFields.MaxFields, out var reason);
        if (status == ParseStatus.Complete)
        {
            // Bytes of the next message may have been copied too; they are not consumed.
            consumed += _lines.Position - before;
            _trailers.DropForbidden();
            _state = State.End;
            return ChunkStep.End;
        }

        consumed += taken;
        if (status == ParseStatus.Rejected)
        {
            return Reject(reason);
        }

        return _trailers.Held == TrailerFields.MaxBytes ? Reject(RejectReason.TrailersTooLarge) : ChunkStep.NeedMore;
    }

    private ChunkStep Reject(RejectReason reason)
    {
        _state = State.Rejected;
        Reason = reason;
        return ChunkStep.Rejected;
    }

    private static int HexValue(byte digit) =>
        digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
}
