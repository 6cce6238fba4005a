using Weft.Control.Records;

namespace Weft.Control;

/// <summary>
/// The file that commits are appended to, and its replacement by a shorter one. A write that fails leaves what was
/// acknowledged as it is: what was written of it is cut off, or the next write begins a new file.
/// </summary>
internal sealed class LogFile : IDisposable
{
    /// <summary>Bytes of commits that are worth a new file, however small the state is.</summary>
    private const long MinGrowth = 4 * 1024 * 1024;

    private readonly DataFolder _folder;
    private readonly OpenAppendFile _open;
    private IAppendFile _file;
    private long _number;
    private long _length;
    private long _compactAt;
    private bool _isBroken;

    private LogFile(DataFolder folder, OpenAppendFile open, IAppendFile file, long number)
    {
        (_folder, _open, _file, _number) = (folder, open, file, number);
    }

    /// <summary>Whether the commits in the file have outgrown the state that they add up to.</summary>
    public bool IsWorthCompacting => _length > _compactAt;

    /// <summary>Opens the folder's latest file, or begins the first one.</summary>
    /// <exception cref="StoreException">The folder holds what cannot be read.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static (LogFile File, StoreView View) Open(DataFolder folder, OpenAppendFile open)
    {
        if (folder.Files().FirstOrDefault() is not (> 0, var latest))
        {
            var first = new LogFile(folder, open, Write(folder, open, 1, StoreView.Empty), 1);
            first.Begin(first._file.Length);
            return (first, StoreView.Empty);
        }

        var reading =
            LogReader.Read(latest)
            ?? throw new StoreException(
                $"{latest}: the state that it should begin with is damaged; restore the file from a copy"
            );
        var file = open(latest);
        if (file.Length > reading.GoodLength)
        {
            file.Cut(reading.GoodLength);
            file.Flush();
        }

        var log = new LogFile(folder, open, file, folder.Files().First().Number);
        log.Begin(reading.BaseLength);
        log._length = reading.GoodLength;
        return (log, reading.View);
    }

    /// <summary>Appends a frame and waits for the disk.</summary>
    /// <param name="frame">What to append.</param>
    /// <param name="before">The state without it, for a new file when this one has failed before.</param>
    /// <exception cref="IOException">It is not in the store, unless the process ends before the next write.</exception>
    public void Append(Frame frame, StoreView before)
    {
        if (_isBroken)
        {
            Rewrite(before);
        }

        var bytes = LogFrame.Encode(frame);
        try
        {
            _file.Append(bytes);
        }
        catch (IOException)
        {
            CutBack();
            throw;
        }

        try
        {
            _file.Flush();
        }
        catch (IOException)
        {
            // After a failed flush nobody knows what is on the disk, and a second one may succeed without having written anything.
            _isBroken = true;
            throw;
        }

        _length += bytes.Length;
    }

    /// <summary>Goes on in a new file that begins with the state.</summary>
    /// <exception cref="IOException">The present file stays.</exception>
    public void Rewrite(StoreView view)
    {
        // Should it fail, not again before there is much more to gain.
        _compactAt = _length * 2;
        var file = Write(_folder, _open, _number + 1, view);
        _file.Dispose();
        (_file, _number, _isBroken) = (file, _number + 1, false);
        Begin(_file.Length);
        _folder.RemoveBefore(_number);
    }

    public void Dispose() => _file.Dispose();

    private static IAppendFile Write(DataFolder folder, OpenAppendFile open, long number, StoreView view)
    {
        var name = folder.TemporaryNameOf(number);
        File.Delete(name);
        using (var file = open(name))
        {
            foreach (var frame in LogContent.Frames(view))
            {
                file.Append(LogFrame.Encode(frame));
            }

            file.Flush();
        }

        folder.Admit(number);
        return open(folder.NameOf(number));
    }

    private void Begin(long baseLength)
    {
        _length = baseLength;
        _compactAt = (baseLength * 2) + MinGrowth;
    }

    private void CutBack()
    {
        try
        {
            _file.Cut(_length);
        }
        catch (IOException)
        {
            _isBroken = true;
        }
    }
}
