using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Load;

/// <summary>
/// Long bidirectional gRPC streams: on each a message goes up, and the next when the first has come back, as fast as can be.
/// </summary>
internal sealed class StreamLoad
{
    public const int Connections = 4;
    public const int Streams = 16;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    private readonly int _count;
    private int _begun;
    private int _ended;

    private StreamLoad(int count) => _count = count;

    /// <summary>Runs on the peers' core and returns how long it took.</summary>
    /// <param name="count">Messages in all.</param>
    public static Task<TimeSpan> Run(IPEndPoint address, int count, CancellationToken cancellation) =>
        Task.Factory.StartNew(
            () =>
            {
                Native.PinThread(Cores.Peers);
                var load = new StreamLoad(count);
                Client[] clients = [.. Enumerable.Range(0, Connections).Select(_ => new Client(load, address))];
                try
                {
                    return load.Send(clients, cancellation);
                }
                finally
                {
                    foreach (var client in clients)
                        client.Dispose();
                }
            },
            CancellationToken.None,
            // A thread of its own, because it stays pinned to the core.
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private TimeSpan Send(Client[] clients, CancellationToken cancellation)
    {
        var polled = Array.ConvertAll(clients, c => new Native.PollFd { Fd = c.Descriptor });
        var start = Stopwatch.GetTimestamp();
        var lastNews = start;
        foreach (var client in clients)
            client.Begin();
        while (_ended < Connections * Streams)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < polled.Length; i++)
                polled[i].Events = clients[i].Events;
            Native.Wait(polled, 1_000_000_000);
            for (var i = 0; i < polled.Length; i++)
            {
                if (polled[i].Happened == 0)
                    continue;
                lastNews = Stopwatch.GetTimestamp();
                clients[i].Go();
            }
            if (Stopwatch.GetElapsedTime(lastNews) > Stall)
                throw new MeasurementException($"nothing came for {Stall.TotalSeconds} s after {_begun} messages");
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private sealed class Client : IHttp2Side, IDisposable
    {
        private readonly StreamLoad _load;
        private readonly Socket _socket;
        private readonly Http2Frames _frames;
        private readonly int[] _received = new int[Streams];
        private int _skip;

        public Client(StreamLoad load, IPEndPoint address)
        {
            _load = load;
            _socket = SmallRequest.Connect(address);
            _socket.Blocking = false;
            _frames = new Http2Frames(_socket, this);
        }

        public int Descriptor => (int)_socket.Handle;

        public short Events => (short)(Native.PollIn | (_frames.IsSending ? Native.PollOut : 0));

        public void Begin()
        {
            _frames.Raw(Http2Preface.Magic);
            _frames.Begin();
            for (var i = 0; i < Streams; i++)
            {
                _frames.Headers((2 * i) + 1, Http2Frames.EndHeaders, Head);
                Next((2 * i) + 1);
            }
            _frames.Flush();
        }

        public void Go()
        {
            if (!_frames.Go(ref _skip))
                throw new MeasurementException("a connection broke");
        }

        public void OnHeaders(int stream, bool isEnd)
        {
            if (isEnd)
                End(stream);
        }

        public void OnData(int stream, ReadOnlySpan<byte> bytes, bool isEnd)
        {
            ref var received = ref _received[stream / 2];
            received += bytes.Length;
            if (received == Http2Call.Message.Length)
            {
                received = 0;
                Next(stream);
            }
            if (isEnd)
                End(stream);
        }

        public void Dispose() => _socket.Dispose();

        // :method POST, :scheme http, then literals: :path, :authority, content-type (RFC 7541, appendix A: 3, 6, 4, 1, 31), te.
        private static readonly byte[] Head =
        [
            0x83,
            0x86,
            .. Literal([0x04], "/bench.Echo/Stream"),
            .. Literal([0x01], SmallRequest.Host),
            .. Literal([0x0F, 0x10], "application/grpc"),
            .. Literal([0x00, 2, (byte)'t', (byte)'e'], "trailers"),
        ];

        private static byte[] Literal(byte[] name, string value) =>
            [.. name, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

        private void Next(int stream)
        {
            if (_load._begun < _load._count)
            {
                _load._begun++;
                _frames.Data(stream, 0, Http2Call.Message);
            }
            else
            {
                _frames.Data(stream, Http2Frames.EndStream, []);
            }
        }

        private void End(int stream)
        {
            // An answer of the proxy's own would be quick, and no measurement.
            if (_load._begun < _load._count || _received[stream / 2] != 0)
                throw new MeasurementException("a stream ended before its time");
            _load._ended++;
            _frames.Forget(stream);
        }
    }
}
