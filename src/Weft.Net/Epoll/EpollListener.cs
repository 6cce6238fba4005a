using System.Net;

namespace Weft.Net.Epoll;

/// <summary>One listening socket per loop behind one address (SO_REUSEPORT): the kernel spreads connections over them.</summary>
internal sealed unsafe class EpollListener : Listener
{
    private const int Backlog = 4096;

    private readonly List<Acceptor> _acceptors = [];

    public override IPEndPoint LocalEndPoint { get; }

    public EpollListener(IReadOnlyList<EpollLoop> loops, IPEndPoint endPoint, Action<Connection> onAccept)
    {
        var bound = endPoint;
        try
        {
            foreach (var loop in loops)
            {
                // With SO_REUSEPORT two programs of one user would share the port without noticing. So the first socket listens
                // without it, which one program alone can do, and is opened to the others after that.
                var first = _acceptors.Count == 0;
                var fd = Bind(bound, reusePort: !first);
                bound = EpollSockets.LocalEndPoint(fd);
                _acceptors.Add(new Acceptor(loop, fd, bound, onAccept));
                if (
                    Libc.Listen(fd, Backlog) != 0
                    || (first && EpollSockets.SetInt(fd, Libc.SolSocket, Libc.SoReusePort, 1) != 0)
                )
                {
                    throw Refused(endPoint, Libc.Errno);
                }
            }
        }
        catch
        {
            foreach (var acceptor in _acceptors)
            {
                _ = Libc.Close(acceptor.Descriptor);
            }

            throw;
        }

        LocalEndPoint = bound;
        foreach (var acceptor in _acceptors)
        {
            acceptor.Begin();
        }
    }

    public override Task CloseAsync() => Task.WhenAll(_acceptors.Select(a => a.CloseAsync()));

    private static int Bind(IPEndPoint endPoint, bool reusePort)
    {
        var v6 = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var fd = Libc.Socket(
            v6 ? Libc.AfInet6 : Libc.AfInet,
            Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec,
            0
        );
        if (fd < 0)
        {
            throw Refused(endPoint, Libc.Errno);
        }

        _ = EpollSockets.SetInt(fd, Libc.SolSocket, Libc.SoReuseAddr, 1);
        if (reusePort)
        {
            _ = EpollSockets.SetInt(fd, Libc.SolSocket, Libc.SoReusePort, 1);
        }

        if (v6 && endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            _ = EpollSockets.SetInt(fd, Libc.IpProtoIpv6, Libc.Ipv6Only, 0);
        }

        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.Write(endPoint, address);
        if (Libc.Bind(fd, address, length) == 0)
        {
            return fd;
        }

        var errno = Libc.Errno;
        _ = Libc.Close(fd);
        throw Refused(endPoint, errno);
    }

    private static ListenException Refused(IPEndPoint endPoint, int errno)
    {
        const int accessDenied = 13;
        const int inUse = 98;
        const int notAvailable = 99;
        var remedy = errno switch
        {
            inUse =>
                $"stop the program that listens there (ss -ltnp 'sport = :{endPoint.Port}' shows it) or choose another port",
            accessDenied => "choose a port above 1023 or give the program CAP_NET_BIND_SERVICE",
            notAvailable => "choose an address that this machine has (ip addr shows them)",
            _ => "choose another address",
        };
        return new ListenException(endPoint, Libc.Describe(errno), remedy);
    }

    /// <summary>The listening socket of one loop.</summary>
    private sealed class Acceptor(EpollLoop loop, int descriptor, IPEndPoint local, Action<Connection> onAccept)
        : IEpollHandle
    {
        // More would let a flood of connects hold up the connections that are there.
        private const int AcceptsPerTurn = 64;
        private const int PauseMilliseconds = 100;

        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly bool _isWildcard =
            local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any);
        private ResumeTimer? _resume;
        private bool _registered;
        private bool _goesOn;
        private bool _done;

        public int Descriptor => descriptor;

        public int Slot { get; set; }

        public void Begin()
        {
            if (!loop.TryPost(static a => ((Acceptor)a!).Watch(), this))
            {
                Finish();
            }
        }

        public Task CloseAsync()
        {
            loop.Post(static a => ((Acceptor)a!).Close(), this);
            // A loop that has ended runs no more posts; its sockets were closed with it.
            return Task.WhenAny(_closed.Task, loop.Ended).Unwrap();
        }

        public void OnEvents(uint flags)
        {
            if (!_goesOn && _resume is not { IsSet: true })
            {
                AcceptSome();
            }
        }

        public void OnLoopEnded() => Finish();

        private void Watch()
        {
            _registered = loop.Register(this, Libc.EpollIn | Libc.EpollEdge);
            if (!_registered)
            {
                Finish();
                loop.Unhandled(new InvalidOperationException($"epoll_ctl refused the listener on {local}."));
            }
        }

        private void AcceptSome()
        {
            _goesOn = false;
            for (var i = 0; i < AcceptsPerTurn; i++)
            {
                if (_done || !AcceptOne())
                {
                    return;
                }
            }

            // Edge-triggered: nothing else would remind us of what is still queued.
            _goesOn = true;
            loop.Defer(static a => ((Acceptor)a!).AcceptSome(), this);
        }

        private bool AcceptOne()
        {
            var address = stackalloc byte[SocketAddress.MaxLength];
            var length = SocketAddress.MaxLength;
            var fd = Libc.Accept4(Descriptor, address, &length, Libc.SockNonBlock | Libc.SockCloseOnExec);
            if (fd < 0)
            {
                return OnAcceptError(Libc.Errno);
            }

            EpollSockets.NoDelay(fd);
            var remote = SocketAddress.Read(address);
            var connection = new EpollConnection(
                loop,
                fd,
                _isWildcard ? EpollSockets.LocalEndPoint(fd) : local,
                remote
            );
            if (!connection.Watch())
            {
                connection.Abort();
                return true;
            }

            try
            {
                onAccept(connection);
            }
            catch (Exception e)
            {
                // Nobody owns this one now, and those behind it in the queue raise no edge of their own.
                connection.Abort();
                loop.Unhandled(e);
            }

            return true;
        }

        private bool OnAcceptError(int errno)
        {
            switch (errno)
            {
                case Libc.Eagain:
                    return false;
                case Libc.Emfile or Libc.Enfile or Libc.Enobufs or Libc.Enomem:
                    // Out of descriptors or memory: trying at once would spin. Those who wait are served when some are free.
                    loop.Unhandled(
                        new InvalidOperationException(
                            $"cannot accept on {local}: {Libc.Describe(errno)}; raise the limit (ulimit -n) or close connections"
                        )
                    );
                    loop.SetTimer(_resume ??= new ResumeTimer(this), PauseMilliseconds);
                    return false;
                default:
                    return true; // The connection died in the queue (ECONNABORTED and its kin): the next one.
            }
        }

        private void Close()
        {
            // What the kernel has accepted would be reset by the close. No more than a queue full: others keep coming.
            for (var i = 0; i < Backlog && !_done && AcceptOne(); i++) { }

            Finish();
        }

        private void Finish()
        {
            if (!_done)
            {
                _done = true;
                if (_resume is not null)
                {
                    TimerWheel.Clear(_resume);
                }

                if (_registered)
                {
                    loop.Forget(this);
                }

                _ = Libc.Close(Descriptor);
            }

            _closed.TrySetResult();
        }

        private sealed class ResumeTimer(Acceptor acceptor) : LoopTimer
        {
            protected internal override void OnDue() => acceptor.AcceptSome();
        }
    }
}
