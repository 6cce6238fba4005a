using System.Net;
using System.Net.Sockets;

namespace Weft.Discovery;

/// <summary>
/// A read-only client of an ensemble: keeps one session while anyone uses it, on whichever server answers, and passes on what its watches say.
/// </summary>
internal sealed class ZooKeeperClient : IAsyncDisposable
{
    private const int RefusalsPerServer = 3;

    private readonly ServerSetsOptions _options;
    private readonly Func<string, int, CancellationToken, Task<Stream>> _connect;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Action>> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private TaskCompletionSource<ZooKeeperConnection> _connected = New();
    private TaskCompletionSource _lost = new();
    private ZooKeeperConnection? _current;
    private Task? _keeping;
    private ZooKeeperSession _session = ZooKeeperSession.None;
    private string? _problem;
    private int _refusals;

    /// <summary>A client that connects when it is first asked.</summary>
    /// <param name="options">Which ensemble.</param>
    /// <param name="connect">Opens a stream to a server.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For the choice of servers and for jitter; used under a lock.</param>
    public ZooKeeperClient(
        ServerSetsOptions options,
        Func<string, int, CancellationToken, Task<Stream>> connect,
        TimeProvider time,
        Random random
    )
    {
        (_options, _connect, _time, _random) = (options, connect, time, random);
        _stopped = _stop.Token;
    }

    /// <summary>Opens a stream over the network.</summary>
    public static async Task<Stream> ConnectAsync(string host, int port, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(host, port), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The connection of now, or the next one, however long that takes.</summary>
    /// <param name="after">One that has ended; null for none.</param>
    /// <param name="told">Told why there is none, at once and whenever that is for another reason.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<ZooKeeperConnection> ConnectionAsync(
        ZooKeeperConnection? after,
        Action<string> told,
        CancellationToken stop
    )
    {
        while (true)
        {
            Task<ZooKeeperConnection> connected;
            Task lost;
            string? problem;
            lock (_gate)
            {
                _keeping ??= KeepAsync();
                (connected, lost, problem) = (_connected.Task, _lost.Task, _problem);
            }
            if (!connected.IsCompletedSuccessfully)
            {
                if (problem is not null)
                {
                    told(problem);
                }
                await Task.WhenAny(connected, lost).WaitAsync(stop);
            }
            else if (await connected is var connection && connection != after)
            {
                return connection;
            }
            else
            {
                await lost.WaitAsync(stop);
            }
        }
    }

    /// <summary>Whether a connection is the one of now.</summary>
    public bool IsCurrent(ZooKeeperConnection connection)
    {
        lock (_gate)
        {
            return _current == connection;
        }
    }

    /// <summary>
    /// Has an action called once when the watch of a node is triggered, or when the watches of the session are gone; in both cases
    /// what was read must be read again.
    /// </summary>
    public IDisposable Watch(string path, Action onTriggered)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(path, out var actions))
            {
                _watches.Add(path, actions = []);
            }
            actions.Add(onTriggered);
        }
        return new Registration(this, path, onTriggered);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task? keeping;
        lock (_gate)
        {
            keeping = _keeping;
        }
        if (keeping is not null)
        {
            await keeping;
        }
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        var backoff = new Backoff(_options.Watching.BaseBackoff, _options.Watching.MaxBackoff, _random);
        while (!_stopped.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            try
            {
                await ServeAsync(backoff);
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (SessionExpiredException)
            {
                _session = ZooKeeperSession.None;
            }
            catch (Exception error)
            {
                Lose(BackendErrors.Describe(error));
            }
            if (_time.GetElapsedTime(began) >= _options.Watching.Settled)
            {
                backoff.Reset();
            }
            try
            {
                await Task.Delay(backoff.Next(), _time, _stopped);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task ServeAsync(Backoff backoff)
    {
        int chosen;
        lock (_random)
        {
            chosen = _random.Next(_options.Servers.Length);
        }
        var (host, port) = _options.Servers[chosen];
        ZooKeeperConnection connection;
        using (var timer = new CancellationTokenSource(_options.Watching.Timeout, _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(_stopped, timer.Token))
        {
            var stream = await _connect(host, port, either.Token);
            try
            {
                connection = await ZooKeeperConnection.OpenAsync(
                    stream,
                    _session,
                    _options.SessionTimeout,
                    _time,
                    either.Token
                );
            }
            catch (Exception error)
            {
                await stream.DisposeAsync();
                CountRefusal(error, backoff);
                throw;
            }
        }
        _refusals = 0;
        await using (connection)
        {
            connection.Triggered = Trigger;
            _session = connection.Session;
            try
            {
                var running = connection.RunAsync(_stopped);
                Gain(connection);
                await running;
            }
            catch (Exception error) when (!_stopped.IsCancellationRequested)
            {
                Lose(BackendErrors.Describe(error));
            }
            finally
            {
                _session = connection.Session;
            }
        }
    }

    /// <summary>
    /// A server hangs up on a client that has seen more than itself. One such server is behind; when all of them do so, again and again, the ensemble
    /// has lost its memory, and only a client that forgets too can go on.
    /// </summary>
    private void CountRefusal(Exception error, Backoff backoff)
    {
        if (error is not IOException || _session.Id == 0)
        {
            return;
        }
        // It answers, if only to hang up: no reason to wait for long.
        backoff.Reset();
        if (++_refusals > RefusalsPerServer * _options.Servers.Length)
        {
            _session = ZooKeeperSession.None;
        }
    }

    private void Gain(ZooKeeperConnection connection)
    {
        TaskCompletionSource<ZooKeeperConnection> connected;
        lock (_gate)
        {
            (_problem, _current) = (null, connection);
            connected = _connected;
        }
        connected.TrySetResult(connection);
    }

    /// <summary>Watches live on the server and are not set again on another: everyone reads again.</summary>
    private void Lose(string problem)
    {
        Action[] actions = [];
        TaskCompletionSource lost;
        lock (_gate)
        {
            (_problem, _current, lost, _lost) = (problem, null, _lost, new TaskCompletionSource());
            if (_connected.Task.IsCompleted)
            {
                _connected = New();
                actions = [.. _watches.Values.SelectMany(a => a)];
                _watches.Clear();
            }
        }
        lost.TrySetResult();
        Array.ForEach(actions, action => action());
    }

    private void Trigger(string path)
    {
        List<Action>? actions;
        lock (_gate)
        {
            _watches.Remove(path, out actions);
        }
        actions?.ForEach(action => action());
    }

    private static TaskCompletionSource<ZooKeeperConnection> New() => new(TaskCreationOptions.None);

    private sealed class Registration(ZooKeeperClient client, string path, Action action) : IDisposable
    {
        public void Dispose()
        {
            lock (client._gate)
            {
                if (client._watches.TryGetValue(path, out var actions) && actions.Remove(action) && actions.Count == 0)
                {
                    client._watches.Remove(path);
                }
            }
        }
    }
}
