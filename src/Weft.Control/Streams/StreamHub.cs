using Weft.Api.Documents;
using Weft.Api.Mesh;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>All proxies that are connected to this process.</summary>
internal sealed class StreamHub(NameBook book, TimeProvider time, Log log) : IAsyncDisposable
{
    /// <summary>Streams at one time.</summary>
    public const int MaxStreams = 10_000;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Dictionary<string, NamespaceBoard> _boards = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly HashSet<ProxyConnection> _connections = [];

    /// <summary>Takes a proxy in; null when there are too many, or its namespace cannot be one.</summary>
    public async Task<(ProxyConnection Connection, NamespaceBoard Board)?> EnterAsync(
        Hello hello,
        CancellationToken stop
    )
    {
        if (!NamespaceName.IsValid(hello.Namespace))
        {
            return null;
        }

        var board = await OpenBoardAsync(hello.Namespace, stop);
        if (board is null)
        {
            return null;
        }

        var connection = new ProxyConnection(hello, time);
        lock (_gate)
        {
            if (_connections.Count >= MaxStreams)
            {
                return null;
            }

            _connections.Add(connection);
        }

        return (connection, board);
    }

    public void Leave(ProxyConnection connection, NamespaceBoard board)
    {
        board.Leave(connection);
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    public ProxyList List()
    {
        lock (_gate)
        {
            var infos = _connections.Select(c => c.Info());
            return new ProxyList([.. infos.OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.ConnectedAt)]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var board in _boards.Values)
        {
            await board.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<NamespaceBoard?> OpenBoardAsync(string ns, CancellationToken stop)
    {
        await _opening.WaitAsync(stop);
        try
        {
            if (!_boards.TryGetValue(ns, out var board) && _boards.Count < StoreView.MaxNamespaces)
            {
                board = await NamespaceBoard.OpenAsync(ns, book, time, log, stop);
                _boards[ns] = board;
            }

            return board;
        }
        finally
        {
            _opening.Release();
        }
    }
}
