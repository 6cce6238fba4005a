using System.Net;

namespace Weft.Net.Epoll;

/// <summary>A connect under way.</summary>
internal sealed unsafe class EpollConnect : IEpollHandle
{
    private readonly EpollLoop _loop;
    private readonly IPEndPoint _endPoint;
    private readonly int _timeoutMilliseconds;
    private readonly LoopSignal<ConnectResult> _signal = new();
    private readonly Deadline _deadline;
    private bool _registered;
    private bool _done;

    private EpollConnect(EpollLoop loop, int descriptor, IPEndPoint endPoint, int timeoutMilliseconds)
    {
        _loop = loop;
        Descriptor = descriptor;
        _endPoint = endPoint;
        _timeoutMilliseconds = timeoutMilliseconds;
        _deadline = new Deadline(this);
        Outcome = _signal.Arm();
    }

    public int Descriptor { get; }

    public int Slot { get; set; }

    public LoopTask<ConnectResult> Outcome { get; }

    public static EpollConnect Begin(EpollLoop loop, IPEndPoint endPoint, int timeoutMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMilliseconds);
        var family =
            endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Libc.AfInet6 : Libc.AfInet;
        var fd = Libc.Socket(family, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        if (fd < 0)
        {
            var refused = new EpollConnect(loop, -1, endPoint, timeoutMilliseconds);
            refused._signal.Complete(new ConnectResult(null, Libc.Describe(Libc.Errno)));
            return refused;
        }

        EpollSockets.NoDelay(fd);
        var connect = new EpollConnect(loop, fd, endPoint, timeoutMilliseconds);
        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.Write(endPoint, address);
        if (Libc.Connect(fd, address, length) == 0)
        {
            connect.Succeed();
        }
        else if (Libc.Errno is var errno && errno != Libc.Einprogress)
        {
            connect.Fail(Libc.Describe(errno));
        }
        else if (!loop.Register(connect, Libc.EpollOut | Libc.EpollEdge))
        {
            connect.Fail("the kernel refused to watch the socket, or the loop ended");
        }
        else
        {
            connect._registered = true;
            loop.SetTimer(connect._deadline, timeoutMilliseconds);
        }

        return connect;
    }

    public void OnEvents(uint flags)
    {
        var error = 0;
        var length = sizeof(int);
        _ = Libc.GetSockOpt(Descriptor, Libc.SolSocket, Libc.SoError, &error, &length);
        if (error != 0)
        {
            Fail(Libc.Describe(error));
        }
        else
        {
            Succeed();
        }
    }

    public void OnLoopEnded() => Fail("the loop ended");

    private void Succeed()
    {
        if (_done)
        {
            return;
        }

        var local = EpollSockets.LocalEndPoint(Descriptor);
        if (local.Equals(_endPoint))
        {
            // TCP's simultaneous open: the kernel picked the very port that nobody listens on as our own.
            Fail("Connection refused (the socket met itself)");
            return;
        }

        _done = true;
        TimerWheel.Clear(_deadline);
        var connection = new EpollConnection(_loop, Descriptor, local, _endPoint);
        var watched = _registered ? connection.TakeOver(this) : connection.Watch();
        if (!watched)
        {
            connection.Abort();
            _signal.Complete(new ConnectResult(null, "the kernel refused to watch the socket"));
            return;
        }

        _signal.Complete(new ConnectResult(connection, null));
    }

    private void Fail(string reason)
    {
        if (_done)
        {
            return;
        }

        _done = true;
        TimerWheel.Clear(_deadline);
        if (_registered)
        {
            _loop.Forget(this);
        }

        _ = Libc.Close(Descriptor);
        _signal.Complete(new ConnectResult(null, reason));
    }

    private sealed class Deadline(EpollConnect connect) : LoopTimer
    {
        protected internal override void OnDue() => connect.Fail($"timed out after {connect._timeoutMilliseconds} ms");
    }
}
