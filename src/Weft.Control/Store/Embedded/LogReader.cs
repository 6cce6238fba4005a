using Google.Protobuf;

namespace Weft.Control;

/// <summary>What a file of the store says.</summary>
/// <param name="View">The state after the last whole frame.</param>
/// <param name="GoodLength">Where the last whole frame ends; what follows was never acknowledged.</param>
/// <param name="BaseLength">Where the state that the file begins with ends.</param>
internal sealed record LogReading(StoreView View, long GoodLength, long BaseLength);

/// <summary>Reads a file of the store.</summary>
internal static class LogReader
{
    /// <summary>The file's content; null when it does not hold the whole state that a file begins with.</summary>
    /// <exception cref="StoreException">It was damaged where it had been whole, or a newer program wrote it.</exception>
    public static LogReading? Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var view = StoreView.Empty;
        var at = 0;
        int? baseLength = null;
        while (Next(file, bytes, at) is var (frame, length))
        {
            if (at == 0 && frame.Opening?.Format != LogContent.Format)
            {
                throw new StoreException(
                    $"{file}: written in format {frame.Opening?.Format}, and this version reads {LogContent.Format}"
                );
            }

            view = LogContent.With(view, frame);
            at += length;
            if (frame.Ready)
            {
                baseLength = at;
            }
        }

        // A torn frame at the end was never acknowledged. With a whole one behind it, it was: then data are lost that must not be.
        if (at < bytes.Length && LogFrame.FindNext(bytes.AsSpan(at + 1)) is >= 0 and var next)
        {
            throw new StoreException(
                $"{file}: damaged at byte {at}, and whole again at byte {at + 1 + next}: acknowledged changes in between are lost; "
                    + "restore the file from a copy, or remove what follows that byte to go on without them"
            );
        }

        return baseLength is { } ready ? new LogReading(view, at, ready) : null;
    }

    private static (Records.Frame Frame, int Length)? Next(string file, byte[] bytes, int at)
    {
        try
        {
            return LogFrame.TryDecode(bytes.AsSpan(at));
        }
        catch (InvalidProtocolBufferException error)
        {
            // The checksum holds, so this is what was written: by something else than this program.
            throw new StoreException($"{file}: cannot be read at byte {at}: {error.Message}", error);
        }
    }
}
