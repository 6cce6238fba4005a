using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Load;

/// <summary>As many <see cref="ByteExchange"/>s as can be had, one at a time on each of some connections.</summary>
internal sealed class ByteLoad
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    private readonly IPEndPoint _address;
    private readonly ByteExchange _exchange;
    private readonly byte[] _up;
    private readonly byte[] _down = new byte[256 << 10];
    private readonly Client[] _clients;
    private readonly Native.PollFd[] _polled;

    private ByteLoad(IPEndPoint address, ByteExchange exchange, int connections)
    {
        (_address, _exchange) = (address, exchange);
        _up = new byte[exchange.Up];
        exchange.Write(_up);
        _clients = new Client[connections];
        _polled = new Native.PollFd[connections];
    }

    /// <summary>Runs on the peers' core and returns how long it took.</summary>
    /// <param name="count">Exchanges in all.</param>
    /// <param name="reconnects">Whether each has a connection to itself.</param>
    public static Task<TimeSpan> Run(
        IPEndPoint address,
        ByteExchange exchange,
        int connections,
        int count,
        bool reconnects,
        CancellationToken cancellation
    ) =>
        Task.Factory.StartNew(
            () =>
            {
                Native.PinThread(Cores.Peers);
                var load = new ByteLoad(address, exchange, Math.Min(connections, count));
                try
                {
                    return load.Send(count, reconnects, cancellation);
                }
                finally
                {
                    foreach (var client in load._clients)
                        client?.Socket.Dispose();
                }
            },
            CancellationToken.None,
            // A thread of its own, because it stays pinned to the core.
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private TimeSpan Send(int count, bool reconnects, CancellationToken cancellation)
    {
        for (var i = 0; i < _clients.Length; i++)
            Connect(i);
        var start = Stopwatch.GetTimestamp();
        var (begun, done, lastNews) = (0, 0, start);
        while (begun < _clients.Length)
            _clients[begun++].Begin(_up);
        while (done < count)
        {
            cancellation.ThrowIfCancellationRequested();
            Native.Wait(_polled, 1_000_000_000);
            for (var i = 0; i < _polled.Length; i++)
            {
                if (_polled[i].Happened == 0)
                    continue;
                lastNews = Stopwatch.GetTimestamp();
                if (!_clients[i].TryFinish(_down, _exchange.Down))
                    continue;
                done++;
                if (begun == count)
                    continue;
                begun++;
                if (reconnects)
                {
                    _clients[i].Socket.Dispose();
                    Connect(i);
                }
                _clients[i].Begin(_up);
            }
            if (Stopwatch.GetElapsedTime(lastNews) > Stall)
                throw new MeasurementException($"nothing came for {Stall.TotalSeconds} s, {done} of {count} done");
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private void Connect(int i)
    {
        _clients[i] = new Client(SmallRequest.Connect(_address));
        _polled[i] = new Native.PollFd { Fd = (int)_clients[i].Socket.Handle, Events = Native.PollIn };
    }

    private sealed class Client
    {
        private long _received;

        public Client(Socket socket)
        {
            socket.Blocking = false;
            Socket = socket;
        }

        public Socket Socket { get; }

        public void Begin(ReadOnlySpan<byte> up)
        {
            _received = 0;
            if (Socket.Send(up) != up.Length)
                throw new MeasurementException("a request did not fit into an empty socket buffer");
        }

        /// <summary>Takes what has come; true when that is all.</summary>
        public bool TryFinish(byte[] buffer, long down)
        {
            int read;
            do
            {
                read = Socket.Receive(buffer, SocketFlags.None, out var error);
                if (error is SocketError.WouldBlock)
                    break;
                if (error is not SocketError.Success || read == 0)
                    throw new MeasurementException($"a connection broke: {error}");
                _received += read;
            } while (read == buffer.Length);
            return _received == down;
        }
    }
}
