using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Load;

/// <summary>
/// Requests at a fixed rate, whatever the answers do. A request's latency counts from the moment at which it was due, not from when a
/// connection was free to send it, so a stall of the server is charged for every request that it delayed (no coordinated omission).
/// </summary>
internal sealed class OpenLoop
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    private readonly Connection[] _connections;
    private readonly Native.PollFd[] _polled;
    private readonly Queue<int> _idle;

    private OpenLoop(IPEndPoint address, int connections)
    {
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(address))];
        _polled = [.. _connections.Select(c => new Native.PollFd { Fd = c.Descriptor, Events = Native.PollIn })];
        _idle = new Queue<int>(Enumerable.Range(0, connections));
    }

    /// <summary>Sends for the given time on the peers' core and returns every latency, in order of completion.</summary>
    /// <param name="rate">Requests per second.</param>
    public static Task<TimeSpan[]> Run(IPEndPoint address, int connections, double rate, TimeSpan duration) =>
        Task.Factory.StartNew(
            () =>
            {
                Native.PinThread(Cores.Peers);
                var loop = new OpenLoop(address, connections);
                try
                {
                    return loop.Send(rate, (int)(rate * duration.TotalSeconds));
                }
                finally
                {
                    foreach (var connection in loop._connections)
                        connection.Dispose();
                }
            },
            CancellationToken.None,
            // A thread of its own, because it stays pinned to the core.
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private TimeSpan[] Send(double rate, int count)
    {
        var latencies = new TimeSpan[count];
        var interval = Stopwatch.Frequency / rate;
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
        var (sent, done, lastNews) = (0, 0, start);
        while (done < count)
        {
            var now = Stopwatch.GetTimestamp();
            while (sent < count && _idle.Count > 0 && Due(sent) <= now)
                _connections[_idle.Dequeue()].Send(Due(sent++));

            var wait = sent < count && _idle.Count > 0 ? Due(sent) - now : Stopwatch.Frequency;
            Native.Wait(_polled, Math.Max(0, wait * 1_000_000_000 / Stopwatch.Frequency));

            for (var i = 0; i < _polled.Length; i++)
            {
                if (_polled[i].Happened == 0 || !_connections[i].TryFinish())
                    continue;
                lastNews = Stopwatch.GetTimestamp();
                latencies[done++] = Stopwatch.GetElapsedTime(_connections[i].Due, lastNews);
                _idle.Enqueue(i);
            }
            if (Stopwatch.GetElapsedTime(lastNews) > Stall)
                throw new MeasurementException(
                    $"no answer for {Stall.TotalSeconds} s, {sent - done} requests under way"
                );
        }
        return latencies;

        long Due(int index) => start + (long)(index * interval);
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket;
        private readonly byte[] _buffer = new byte[8 << 10];
        private int _filled;

        public Connection(IPEndPoint address)
        {
            _socket = SmallRequest.Connect(address);
            _socket.Blocking = false;
        }

        public int Descriptor => (int)_socket.Handle;

        /// <summary>When the request under way was to be sent.</summary>
        public long Due { get; private set; }

        public void Send(long due)
        {
            Due = due;
            _filled = 0;
            if (_socket.Send(SmallRequest.Bytes) != SmallRequest.Bytes.Length)
                throw new MeasurementException("a request did not fit into an empty socket buffer");
        }

        /// <summary>True when the answer is complete.</summary>
        public bool TryFinish()
        {
            var read = _socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                return false;
            if (error is not SocketError.Success || read == 0)
                throw new MeasurementException($"a connection broke: {error}");
            _filled += read;
            var length = SmallRequest.ResponseLength(_buffer.AsSpan(0, _filled));
            return length > 0 && length <= _filled;
        }

        public void Dispose() => _socket.Dispose();
    }
}
