using System.Collections.Immutable;
using System.Net;

namespace Weft.Discovery;

/// <summary>One host in a resolver's table. Changed under the resolver's lock, read without.</summary>
internal sealed class HostEntry(string host, bool once)
{
    private HostAnswer _answer = HostAnswer.Pending.Instance;
    private long _usedAt;
    private int _denials;

    public string Host => host;

    /// <summary>Whether one answer is enough for ever.</summary>
    public bool Once => once;

    public HostAnswer Answer => Volatile.Read(ref _answer);

    /// <summary>A timestamp of the resolver's clock.</summary>
    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }

    /// <summary>How many hold the entry, which then is never forgotten.</summary>
    public int Holders { get; set; }

    public bool IsForgotten { get; set; }

    /// <summary>Takes in addresses. True when the answer is another now.</summary>
    public bool Take(IEnumerable<IPAddress> addresses)
    {
        _denials = 0;
        // The order of an answer is chance (round robin): sorted, equal answers are equal.
        var sorted = addresses.Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal).ToImmutableArray();
        return Set(new HostAnswer.Known(sorted));
    }

    /// <summary>Takes in that there is no such host; known addresses are kept until that was said often enough.</summary>
    public bool Deny(int denials)
    {
        _denials++;
        return (Answer is not HostAnswer.Known || _denials >= denials) && Set(HostAnswer.Neg.Instance);
    }

    /// <summary>Takes in that no answer came; what is known is kept.</summary>
    public bool Fail(string message) =>
        Answer is HostAnswer.Pending or HostAnswer.Failed && Set(new HostAnswer.Failed(message));

    private bool Set(HostAnswer answer)
    {
        if (answer.Equals(Answer))
        {
            return false;
        }
        Volatile.Write(ref _answer, answer);
        return true;
    }
}

/// <summary>Keeps a host resolved for as long as it is held.</summary>
public sealed class HostWatch : IDisposable
{
    private readonly HostEntry _entry;
    private Action<HostEntry>? _release;

    internal HostWatch(HostEntry entry, Action<HostEntry> release) => (_entry, _release) = (entry, release);

    public string Host => _entry.Host;

    /// <summary>What is known now.</summary>
    public HostAnswer Answer => _entry.Answer;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke(_entry);
}
