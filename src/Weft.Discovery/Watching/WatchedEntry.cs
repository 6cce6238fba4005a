using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What a watch knows of one file: the state that is believed, and another that may come to be.</summary>
internal sealed class WatchedEntry
{
    private FileStamp _stamp;
    private UInt128 _hash;
    private int _size;
    private Candidate? _candidate;

    /// <summary>Whether there was ever a believed state.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether a change has been seen, but not yet often or long enough.</summary>
    public bool IsSettling => _candidate is not null;

    /// <summary>Why the file cannot be read now; null when it can.</summary>
    public Problem? Problem { get; set; }

    /// <summary>Whether a file with this stamp need not be read again.</summary>
    public bool IsCurrent(FileStamp stamp) => IsKnown && Problem is null && _candidate is null && _stamp == stamp;

    /// <summary>Takes in what was read. True when it is a change that is now believed.</summary>
    /// <param name="stamp">Of before the reading.</param>
    /// <param name="content">What was read.</param>
    /// <param name="atOnce">Whether one look is enough, as it is when a watch begins.</param>
    /// <param name="emptyGrace">How much longer a file that became empty must stay so.</param>
    /// <param name="time">The watch's clock.</param>
    public bool Observe(FileStamp stamp, FileContent content, bool atOnce, TimeSpan emptyGrace, TimeProvider time)
    {
        Problem = null;
        if (IsKnown && content.Hash == _hash)
        {
            (_stamp, _candidate) = (stamp, null);
            return false;
        }
        if (!atOnce)
        {
            var now = time.GetTimestamp();
            if (_candidate is not { } candidate || candidate.Stamp != stamp || candidate.Hash != content.Hash)
            {
                _candidate = new Candidate(stamp, content.Hash, SeenTwiceAt: null);
                return false;
            }
            var seenTwiceAt = candidate.SeenTwiceAt ?? now;
            if (content.Bytes.Length == 0 && _size > 0 && time.GetElapsedTime(seenTwiceAt, now) < emptyGrace)
            {
                _candidate = candidate with { SeenTwiceAt = seenTwiceAt };
                return false;
            }
        }
        (_stamp, _hash, _size, _candidate) = (stamp, content.Hash, content.Bytes.Length, null);
        IsKnown = true;
        return true;
    }

    /// <summary>Takes in that the file was not there. True when that is now believed.</summary>
    public bool ObserveAbsence()
    {
        Problem = null;
        if (_candidate is { Hash: null })
        {
            return true;
        }
        _candidate = new Candidate(default, Hash: null, SeenTwiceAt: null);
        return !IsKnown;
    }

    /// <summary>A state that was seen, and is not believed yet.</summary>
    /// <param name="Stamp">What the file looked like from outside.</param>
    /// <param name="Hash">Null when the file is absent.</param>
    /// <param name="SeenTwiceAt">Timestamp of the second of the polls that saw it; null after the first.</param>
    private sealed record Candidate(FileStamp Stamp, UInt128? Hash, long? SeenTwiceAt);
}
