using System.Threading.Channels;
using Weft.Api.Mesh;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// What proxies of one namespace are told: its documents, and the bindings and endpoints that they asked for, each watched
/// once however many ask. One task looks at the sources, so that changes come in order.
/// </summary>
internal sealed class NamespaceBoard : IAsyncDisposable
{
    /// <summary>Changes that come faster are looked at together.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(5);

    private readonly string _namespace;
    private readonly NameBook _book;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, ResourceWatch> _watches = [];
    private readonly HashSet<ProxyConnection> _readers = [];
    private readonly HashSet<ResourceWatch> _waiting = [];
    private readonly Debounce _debounce = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private NameSources _sources;
    private DocumentBoard _documents;
    private bool _documentsWait;
    private Task _looking = Task.CompletedTask;

    private NamespaceBoard(string ns, NameSources sources, NameBook book, TimeProvider time, Log log)
    {
        (_namespace, _sources, _book, _time, _log) = (ns, sources, book, time, log);
        _documents = DocumentBoard.Empty.With(sources.Model.View);
    }

    public static async Task<NamespaceBoard> OpenAsync(
        string ns,
        NameBook book,
        TimeProvider time,
        Log log,
        CancellationToken stop
    )
    {
        var board = new NamespaceBoard(ns, await book.OpenAsync(ns, stop), book, time, log);
        book.Changed += board.Wake;
        board._looking = Task.Run(board.LookAsync, CancellationToken.None);
        board.Wake();
        return board;
    }

    /// <summary>Takes a message's questions in; what is already known is offered at once.</summary>
    public void Take(ProxyConnection connection, ProxyMessage message)
    {
        var documents = message.Subscribe.Where(s => s.Name?.Type == ResourceType.Document).ToArray();
        if (Array.Exists(documents, s => s.Name.Name == "*"))
        {
            lock (_gate)
            {
                connection.SubscribeDocuments(
                    documents
                        .Where(s => s.Name.Name != "*")
                        .Select(s => (_documents.KeyOf(s.Name.Name), s.KnownVersion))
                );
                _readers.Add(connection);
                connection.Offer(_documents);
            }
        }

        foreach (var subscription in message.Subscribe)
        {
            if (subscription.Name is { Type: ResourceType.Binding or ResourceType.Endpoints } name)
            {
                Subscribe(connection, new ResourceKey(name.Type, name.Name), subscription.KnownVersion);
            }
        }

        foreach (var name in message.Unsubscribe)
        {
            Unsubscribe(connection, new ResourceKey(name.Type, name.Name));
        }
    }

    /// <summary>Forgets a connection that has ended.</summary>
    public void Leave(ProxyConnection connection)
    {
        foreach (var key in connection.Subscriptions)
        {
            Unsubscribe(connection, key);
        }

        lock (_gate)
        {
            _readers.Remove(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _book.Changed -= Wake;
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private void Wake() => _signal.Writer.TryWrite(true);

    private void Subscribe(ProxyConnection connection, ResourceKey asked, ulong known)
    {
        lock (_gate)
        {
            var isNew = !_watches.TryGetValue(asked, out var watch);
            if (isNew)
            {
                if (!Naming.Path.TryParse(asked.Name, out var path, out var error))
                {
                    connection.Offer(Refused(asked, $"no name: {error.ToProblem("name")}"));
                    return;
                }

                watch = new ResourceWatch(asked, path);
            }

            // By the watch's key, and not by the one that came: a name that a thousand proxies watch is kept once.
            if (!connection.Subscribe(watch!.Key, known))
            {
                connection.Offer(Refused(asked, $"more than {ProxyConnection.MaxSubscriptions} names"));
                return;
            }

            if (isNew)
            {
                _watches[asked] = watch;
                watch.Look(_sources);
            }

            watch.Subscribers.Add(connection);
            if (watch.Current is { } current)
            {
                connection.Offer(current, watch.IsVouched);
            }
        }
    }

    private void Unsubscribe(ProxyConnection connection, ResourceKey key)
    {
        connection.Unsubscribe(key);
        lock (_gate)
        {
            if (_watches.TryGetValue(key, out var watch))
            {
                watch.Subscribers.Remove(connection);
                if (watch.Subscribers.Count == 0)
                {
                    _watches.Remove(key);
                    _waiting.Remove(watch);
                }
            }
        }
    }

    private async Task LookAsync()
    {
        try
        {
            while (true)
            {
                await WaitAsync();
                try
                {
                    var sources = await _book.OpenAsync(_namespace, _stop.Token);
                    var documents =
                        sources.Model.View == _documents.View ? _documents : _documents.With(sources.Model.View);
                    Look(sources, documents);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // A defect with one change must not end the watch of all others.
                    _log.Error("proxies are not told of a change", ("namespace", _namespace), ("exception", error));
                }

                await Task.Delay(Settle, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Look(NameSources sources, DocumentBoard documents)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (documents != _documents)
            {
                (_documents, _documentsWait) = (documents, true);
                _debounce.OnChange(now);
            }

            _sources = sources;
            foreach (var watch in _watches.Values)
            {
                switch (watch.Look(sources))
                {
                    case News.Urgent:
                        _waiting.Remove(watch);
                        Tell(watch);
                        break;
                    case News.CanWait:
                        _waiting.Add(watch);
                        _debounce.OnChange(now);
                        break;
                }
            }

            if (_debounce.Due <= now)
            {
                TellWaiting();
            }
        }
    }

    private void TellWaiting()
    {
        _debounce.Clear();
        foreach (var watch in _waiting)
        {
            Tell(watch);
        }

        _waiting.Clear();
        if (_documentsWait)
        {
            _documentsWait = false;
            foreach (var reader in _readers)
            {
                reader.Offer(_documents);
            }
        }
    }

    private static void Tell(ResourceWatch watch)
    {
        foreach (var subscriber in watch.Subscribers)
        {
            subscriber.Offer(watch.Current!, watch.IsVouched);
        }
    }

    /// <summary>Until something changed, or what waits is due.</summary>
    private async Task WaitAsync()
    {
        DateTimeOffset? due;
        lock (_gate)
        {
            due = _debounce.Due;
        }

        var news = _signal.Reader.WaitToReadAsync(_stop.Token).AsTask();
        if (due is null)
        {
            await news;
        }
        else if (due - _time.GetUtcNow() is { } left && left > TimeSpan.Zero)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAny(news, Task.Delay(left, _time, enough.Token));
            await enough.CancelAsync();
        }

        _stop.Token.ThrowIfCancellationRequested();
        _signal.Reader.TryRead(out _);
    }

    private static EncodedResource Refused(ResourceKey key, string reason) =>
        EncodedResource.Of(key, new Resource { Refused = reason });
}
