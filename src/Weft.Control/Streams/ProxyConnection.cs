using System.Threading.Channels;
using Weft.Api.Documents;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>
/// One proxy's stream: what it has asked for, what it was sent, what it has acknowledged, and what waits to be sent. Of each
/// resource only the latest state waits, so a slow proxy costs one entry per name and gets what is true when it reads.
/// Safe from any thread.
/// </summary>
internal sealed class ProxyConnection(Hello hello, TimeProvider time)
{
    /// <summary>Names that one proxy may watch.</summary>
    public const int MaxSubscriptions = 20_000;

    /// <summary>Characters of a reason that are kept.</summary>
    private const int MaxReason = 2_000;

    /// <summary>Answers that wait to be read: one for each name that is watched, and as many refusals.</summary>
    private const int MaxWaiting = 2 * MaxSubscriptions;

    /// <summary>Room that is kept for what waits; what was needed once, for all that a new proxy asks for, is given back.</summary>
    private const int WaitingKept = 16;

    private readonly Lock _gate = new();

    // What the proxy knows, and 0 for a name that it has asked for and knows nothing of: so all names that it asks for are here.
    private readonly Dictionary<ResourceKey, ulong> _known = [];
    private readonly Dictionary<ResourceKey, string> _refused = [];
    private readonly DateTimeOffset _connectedAt = time.GetUtcNow();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private Dictionary<ResourceKey, EncodedResource> _waiting = [];
    private DocumentBoard? _documents;

    // The mark of the board whose documents are just those that the proxy has; null when none is known to be.
    private object? _taken;
    private int _subscriptions;
    private bool _owesAnswer;
    private DateTimeOffset _heardAt = time.GetUtcNow();
    private ulong _sent;
    private ulong _acknowledged;
    private DateTimeOffset? _behindSince;

    public Hello Hello => hello;

    /// <summary>Has something when there is something to be sent.</summary>
    public ChannelReader<bool> News => _news.Reader;

    /// <summary>What this proxy asks for besides documents.</summary>
    public IReadOnlyCollection<ResourceKey> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Keys.Where(k => k.Type != ResourceType.Document)];
            }
        }
    }

    /// <summary>Whether more waits for this proxy than one that reads what it asks for can leave waiting.</summary>
    public bool IsOverfull
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > MaxWaiting;
            }
        }
    }

    /// <summary>Notes that a name, of something else than a document, is asked for, and what is known of it. False when it is one too many.</summary>
    public bool Subscribe(ResourceKey key, ulong known)
    {
        lock (_gate)
        {
            if (!_known.ContainsKey(key))
            {
                if (_subscriptions >= MaxSubscriptions)
                {
                    return false;
                }

                _subscriptions++;
            }

            _known[key] = known;
            return true;
        }
    }

    public void Unsubscribe(ResourceKey key)
    {
        lock (_gate)
        {
            if (key.Type == ResourceType.Document)
            {
                _taken = null;
            }
            else if (_known.ContainsKey(key))
            {
                _subscriptions--;
            }

            _known.Remove(key);

            _waiting.Remove(key);
            _refused.Remove(key);
        }
    }

    /// <summary>Notes which documents the proxy has; an answer is owed even if they are all right.</summary>
    public void SubscribeDocuments(IEnumerable<(ResourceKey Key, ulong Version)> known)
    {
        lock (_gate)
        {
            foreach (var key in _known.Keys.Where(k => k.Type == ResourceType.Document).ToArray())
            {
                _known.Remove(key);
            }

            foreach (var (key, version) in known)
            {
                _known[key] = version;
            }

            (_taken, _owesAnswer) = (null, true);
        }
    }

    /// <summary>Has a resource sent, unless the proxy knows it or a later one comes first.</summary>
    /// <param name="resource">What is so now.</param>
    /// <param name="isVouched">False when nobody here has ever heard of the name: who knows something of it keeps that.</param>
    public void Offer(EncodedResource resource, bool isVouched = true)
    {
        lock (_gate)
        {
            if (!isVouched && _known.GetValueOrDefault(resource.Key) != 0)
            {
                return;
            }

            _waiting[resource.Key] = resource;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Has the documents sent that the proxy does not know.</summary>
    public void Offer(DocumentBoard documents)
    {
        lock (_gate)
        {
            _documents = documents;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>What is to be sent now, and is known to the proxy from here on; null when there is nothing.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Take()
    {
        lock (_gate)
        {
            var parts = new List<ReadOnlyMemory<byte>>();
            foreach (var resource in _waiting.Values)
            {
                Add(resource, parts);
            }

            if (_waiting.Count > WaitingKept)
            {
                _waiting = [];
            }
            else
            {
                _waiting.Clear();
            }

            if (_documents is { } documents)
            {
                TakeDocuments(documents, parts);
                _documents = null;
            }

            if (parts.Count == 0 && !_owesAnswer)
            {
                return null;
            }

            _owesAnswer = false;
            return parts;
        }
    }

    /// <summary>The number of the next message.</summary>
    public ulong NextNumber()
    {
        lock (_gate)
        {
            _behindSince ??= time.GetUtcNow();
            return ++_sent;
        }
    }

    public void OnHeard()
    {
        lock (_gate)
        {
            _heardAt = time.GetUtcNow();
        }
    }

    /// <summary>Takes in what the proxy says of what it was sent.</summary>
    public void OnAcknowledged(Acknowledgement acknowledgement)
    {
        lock (_gate)
        {
            var acknowledged = Math.Clamp(acknowledgement.Number, _acknowledged, _sent);
            _behindSince =
                acknowledged == _sent ? null
                : acknowledged > _acknowledged ? time.GetUtcNow()
                : _behindSince;
            _acknowledged = acknowledged;
            foreach (var refusal in acknowledgement.Refusals.Where(r => r.Name is not null))
            {
                var key = new ResourceKey(refusal.Name.Type, refusal.Name.Name);
                // Of what it was never sent, a proxy has nothing to say; and so this is bounded.
                if (_known.ContainsKey(key))
                {
                    _refused[key] = refusal.Reason.Length <= MaxReason ? refusal.Reason : refusal.Reason[..MaxReason];
                }
            }
        }
    }

    public ProxyInfo Info()
    {
        lock (_gate)
        {
            return new ProxyInfo
            {
                Id = hello.ProxyId,
                Version = hello.ProgramVersion,
                Namespace = hello.Namespace,
                ConnectedAt = _connectedAt,
                HeardAt = _heardAt,
                Subscriptions = _subscriptions,
                Sent = (long)_sent,
                Acknowledged = (long)_acknowledged,
                BehindSince = _behindSince,
                Refused = [.. _refused.Select(r => new RefusalInfo(KindOf(r.Key.Type), r.Key.Name, r.Value))],
            };
        }
    }

    private void Add(EncodedResource resource, List<ReadOnlyMemory<byte>> parts)
    {
        var known = _known.GetValueOrDefault(resource.Key);
        if (known == resource.Version)
        {
            return;
        }

        parts.Add(resource.For(known));
        // A name that was refused, or is given up meanwhile, is not asked for, and nothing is kept of it.
        if (resource.Key.Type == ResourceType.Document || _known.ContainsKey(resource.Key))
        {
            _known[resource.Key] = resource.Version;
        }

        // It gets another one: what it thought of the one before is no longer of interest.
        _refused.Remove(resource.Key);
    }

    private void TakeDocuments(DocumentBoard documents, List<ReadOnlyMemory<byte>> parts)
    {
        var (offered, gone) = documents.Follows(_taken)
            ? (documents.Changed, documents.Gone)
            : (documents.All, KnownBesides(documents));
        foreach (var document in offered)
        {
            Add(document, parts);
        }

        _taken = documents.Mark;
        foreach (var key in gone)
        {
            if (!documents.KnowsOf(key.Name))
            {
                // Silence is no answer: what this store has never heard of, another one may have said before it was lost.
                _taken = null;
                continue;
            }

            parts.Add(EncodedResource.Of(key, new Resource { Absent = true }).For(0));
            _known.Remove(key);
            _refused.Remove(key);
        }
    }

    private ResourceKey[] KnownBesides(DocumentBoard documents) =>
        [.. _known.Keys.Where(k => k.Type == ResourceType.Document && !documents.Has(k.Name))];

    private static string KindOf(ResourceType type) =>
        type switch
        {
            ResourceType.Document => "document",
            ResourceType.Binding => "binding",
            _ => "endpoints",
        };
}
