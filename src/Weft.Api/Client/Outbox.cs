using System.Threading.Channels;
using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>
/// What the proxy wants to say: which names it watches, and what it thinks of what it was sent. Of each name only the latest
/// wish waits. Safe from any thread.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Names in one message.</summary>
    private const int MessageNames = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<(ResourceType Type, string Name)> _watched = [];
    private readonly Dictionary<(ResourceType Type, string Name), bool> _wishes = [];
    private readonly List<Refusal> _refusals = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private ProxyMessage? _question;
    private ulong _acknowledged;
    private ulong _said;
    private bool _isReportDue;

    public ChannelReader<bool> News => _news.Reader;

    public IReadOnlyCollection<(ResourceType Type, string Name)> Watched
    {
        get
        {
            lock (_gate)
            {
                return [.. _watched];
            }
        }
    }

    public void Watch(ResourceType type, string name, bool isWanted)
    {
        lock (_gate)
        {
            var isNews = isWanted ? _watched.Add((type, name)) : _watched.Remove((type, name));
            if (!isNews)
            {
                return;
            }

            _wishes[(type, name)] = isWanted;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Asks anew for a name that is watched.</summary>
    public void AskAgain(ResourceType type, string name)
    {
        lock (_gate)
        {
            if (_watched.Contains((type, name)))
            {
                _wishes[(type, name)] = true;
            }
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Says a whole message before anything else.</summary>
    public void Ask(ProxyMessage question)
    {
        lock (_gate)
        {
            _question = question;
        }

        _news.Writer.TryWrite(true);
    }

    public void Acknowledge(ulong number, IReadOnlyList<Refusal> refusals)
    {
        lock (_gate)
        {
            _acknowledged = number;
            _refusals.AddRange(refusals);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Has a report said when there is nothing else to say.</summary>
    public void AskReport()
    {
        lock (_gate)
        {
            _isReportDue = true;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Whether a report is due, which it is not any more.</summary>
    public bool TakeReport()
    {
        lock (_gate)
        {
            var isDue = _isReportDue;
            _isReportDue = false;
            return isDue;
        }
    }

    /// <summary>The messages of a new connection are counted from one, and all that is watched is asked for again.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            (_acknowledged, _said) = (0, 0);
            _refusals.Clear();
            _wishes.Clear();
            _question = null;
            _isReportDue = false;
        }
    }

    /// <summary>The next thing to say; null when there is nothing.</summary>
    /// <param name="knownVersion">What is known of a name.</param>
    public ProxyMessage? Take(Func<ResourceType, string, ulong> knownVersion)
    {
        lock (_gate)
        {
            if (_question is { } question)
            {
                _question = null;
                return question;
            }

            var message = new ProxyMessage();
            foreach (var ((type, name), isWanted) in _wishes.Take(MessageNames).ToArray())
            {
                _wishes.Remove((type, name));
                var resource = new ResourceName { Type = type, Name = name };
                if (isWanted)
                {
                    message.Subscribe.Add(
                        new Subscription { Name = resource, KnownVersion = knownVersion(type, name) }
                    );
                }
                else
                {
                    message.Unsubscribe.Add(resource);
                }
            }

            if (_acknowledged > _said || _refusals.Count > 0)
            {
                message.Acknowledge = new Acknowledgement { Number = _acknowledged, Refusals = { _refusals } };
                _said = _acknowledged;
                _refusals.Clear();
            }

            if (_wishes.Count > 0)
            {
                _news.Writer.TryWrite(true);
            }

            return message.CalculateSize() > 0 ? message : null;
        }
    }
}
