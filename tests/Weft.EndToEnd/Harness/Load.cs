using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>What one request came to.</summary>
/// <param name="Status">0 when no response came.</param>
/// <param name="WeftError">The reason, when a proxy made the response.</param>
/// <param name="ServedBy">The <see cref="EchoUpstream"/> that answered.</param>
/// <param name="Bytes">Of the response's body.</param>
/// <param name="Failure">Why no response came.</param>
internal sealed record Outcome(int Status, string? WeftError, string? ServedBy, int Bytes, string? Failure)
{
    /// <summary>When that was known: a timestamp of <see cref="Stopwatch"/>.</summary>
    public long At { get; } = Stopwatch.GetTimestamp();

    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// Constant traffic while a test changes something: a few keep-alive connections, each sending its next request when the last was
/// answered. The client is strict on purpose: it never retries, so what a proxy loses is seen. Only a connection that is known
/// to be closed before a request is sent is replaced.
/// </summary>
internal sealed class Load
{
    private const int OutcomesKept = 2_000_000;

    private readonly IPEndPoint _address;
    private readonly string _request;
    private readonly bool _endsWhenRefused;
    private readonly List<Outcome> _outcomes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;

    private Load(IPEndPoint address, string host, string path, int connections, bool endsWhenRefused)
    {
        _address = address;
        _request = $"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n";
        _endsWhenRefused = endsWhenRefused;
        _workers = [.. Enumerable.Range(0, connections).Select(_ => Task.Run(Work))];
    }

    /// <param name="endsWhenRefused">A refused connection ends the load quietly: for tests that end the server.</param>
    public static Load Start(
        IPEndPoint address,
        string host,
        string path = "/",
        int connections = 4,
        bool endsWhenRefused = false
    ) => new(address, host, path, connections, endsWhenRefused);

    /// <summary>Everything so far, in order of completion.</summary>
    public IReadOnlyList<Outcome> Outcomes
    {
        get
        {
            lock (_outcomes)
                return [.. _outcomes];
        }
    }

    public int Count
    {
        get
        {
            lock (_outcomes)
                return _outcomes.Count;
        }
    }

    /// <summary>Waits until that many more requests were answered.</summary>
    public Task Answers(int more)
    {
        var target = Count + more;
        return Eventually.Is(() => Count >= target || HasEnded, $"{more} more requests were answered ({Count} so far)");
    }

    /// <summary>Waits until this upstream alone answers: a hundred answers in a row.</summary>
    public Task GoesTo(string name, TimeSpan? deadline = null) =>
        Eventually.Is(
            () =>
            {
                lock (_outcomes)
                    return _outcomes.Count >= 100 && _outcomes[^100..].TrueForAll(o => o.ServedBy == name);
            },
            $"all load goes to {name}",
            deadline
        );

    /// <summary>Waits until this upstream answers one of the requests to come.</summary>
    public Task Reaches(string name, TimeSpan? deadline = null)
    {
        var seen = Count;
        return Eventually.Is(
            () =>
            {
                lock (_outcomes)
                {
                    var isReached = _outcomes.FindIndex(seen, o => o.ServedBy == name) >= 0;
                    seen = _outcomes.Count;
                    return isReached;
                }
            },
            $"some of the load reaches {name}",
            deadline
        );
    }

    /// <summary>Requests that it has under way at once.</summary>
    public int Connections => _workers.Length;

    public bool HasEnded => Array.TrueForAll(_workers, w => w.IsCompleted);

    /// <summary>Lets the requests under way finish and returns everything that happened.</summary>
    public async Task<IReadOnlyList<Outcome>> Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        return Outcomes;
    }

    /// <summary><see cref="Stop"/>, and fails the test when any request failed or none was made.</summary>
    public async Task<IReadOnlyList<Outcome>> StopWithoutFailure()
    {
        var outcomes = await Stop();
        Assert.NotEmpty(outcomes);
        var failures = outcomes.Where(o => !o.IsSuccess).ToList();
        Assert.True(
            failures.Count == 0,
            $"{failures.Count} of {outcomes.Count} requests failed; the first: {string.Join("; ", failures.Take(5))}"
        );
        return outcomes;
    }

    private async Task Work()
    {
        ScriptedPeer? connection = null;
        try
        {
            while (!_stop.IsCancellationRequested && Count < OutcomesKept)
            {
                if (connection is { HasNewsWaiting: true })
                {
                    connection.Dispose();
                    connection = null;
                }
                try
                {
                    connection ??= await ScriptedPeer.Connect(_address);
                }
                catch (SocketException e) when (_endsWhenRefused && e.SocketErrorCode is SocketError.ConnectionRefused)
                {
                    return;
                }
                catch (Exception e) when (e is SocketException or TimeoutException)
                {
                    Record(new Outcome(0, null, null, 0, $"connect: {e.Message}"));
                    continue;
                }
                if (!await Exchange(connection))
                {
                    connection.Dispose();
                    connection = null;
                }
            }
        }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>One request; false when the connection cannot be used again.</summary>
    private async Task<bool> Exchange(ScriptedPeer connection)
    {
        try
        {
            await connection.Send(_request);
            var response = await connection.ReadFinalResponse();
            Record(new Outcome(response.Status, response.WeftError, response.ServedBy, response.Body.Length, null));
            return !response.ClosesConnection;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or TimeoutException)
        {
            Record(new Outcome(0, null, null, 0, $"{e.GetType().Name}: {e.Message}"));
            return false;
        }
    }

    private void Record(Outcome outcome)
    {
        lock (_outcomes)
            _outcomes.Add(outcome);
    }
}
