using Weft.Discovery;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// A secret or certificate that lives in files, and is read again whenever they change. What cannot be used is said in the log and leaves what
/// was there before.
/// </summary>
internal sealed class FileBacked<T> : IAsyncDisposable
    where T : class
{
    private readonly Func<T> _read;
    private readonly string _what;
    private readonly Log _log;
    private readonly List<FileWatch> _watches = [];
    private readonly Lock _gate = new();
    private volatile T _current;
    private readonly bool _isWatching;
    private string? _told;

    /// <summary>Reads it, and looks at its files from now on.</summary>
    /// <param name="what">What it is, as the log has it: "tokens".</param>
    /// <param name="files">Whatever <paramref name="read"/> reads.</param>
    /// <param name="read">Reads all of it; throws a <see cref="StoreException"/> where it cannot be used.</param>
    /// <param name="time">The clock of the looks.</param>
    /// <param name="log">Where it says what it has read.</param>
    /// <exception cref="StoreException">It cannot be used as it is.</exception>
    public FileBacked(string what, IReadOnlyList<string> files, Func<T> read, TimeProvider time, Log log)
    {
        (_what, _read, _log) = (what, read, log);
        _current = read();
        foreach (var file in files)
        {
            var watch = new FileWatch(file, time);
            watch.Changed += ReadAgain;
            _watches.Add(watch);
            // Its first look has it read once more, so that no change falls in between.
            watch.Start();
        }

        _isWatching = true;
    }

    /// <summary>As it was last read. Safe from any thread.</summary>
    public T Current => _current;

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _watches)
        {
            await watch.DisposeAsync();
        }
    }

    private void ReadAgain(FileChanges changes)
    {
        // Two files may change at once; the one that is read last must be the newest.
        lock (_gate)
        {
            try
            {
                _current = _read();
                _told = null;
                if (_isWatching && changes.Changed.Count > 0)
                {
                    _log.Info("a changed file was read again", ("what", _what));
                }
            }
            catch (StoreException error)
            {
                // Told once: of a file that is gone, it is seen first that it cannot be read, and then that it was removed.
                if (error.Message != _told)
                {
                    _log.Warn(
                        "a changed file cannot be used, what was read before stays",
                        ("what", _what),
                        ("error", error.Message)
                    );
                }

                _told = error.Message;
            }
        }
    }
}
