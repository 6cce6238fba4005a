using System.Net;

namespace Weft.Net.Epoll;

/// <summary>The event loop on Linux: one epoll instance, edge-triggered, every descriptor registered once.</summary>
internal sealed unsafe class EpollLoop : EventLoop
{
    private readonly EpollEvents _events = new();
    private readonly List<EpollHandle?> _handles = [];
    private readonly Stack<int> _freeSlots = new();
    private readonly int _epoll;
    private readonly WakeHandle _wake;
    private uint _generation;
    private bool _ended;

    public EpollLoop(int index, TimeProvider time, Action<Exception> onUnhandled)
        : base(index, time, onUnhandled)
    {
        _epoll = Check(Libc.EpollCreate(Libc.EpollCloseOnExec), "epoll_create1");
        _wake = new WakeHandle(Check(Libc.EventFd(0, Libc.SockNonBlock | Libc.SockCloseOnExec), "eventfd"));
        if (!Register(_wake, Libc.EpollIn | Libc.EpollEdge))
        {
            throw new InvalidOperationException("epoll_ctl refused the wake-up descriptor.");
        }
    }

    public override LoopTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, int timeoutMilliseconds) =>
        EpollConnect.Begin(this, endPoint, timeoutMilliseconds).Outcome;

    /// <summary>Adds a descriptor; false when the kernel refuses (out of memory or watches) or the loop ends.</summary>
    public bool Register(EpollHandle handle, uint flags)
    {
        if (_ended)
        {
            return false;
        }

        var slot = _freeSlots.TryPop(out var free) ? free : _handles.Count;
        if (slot == _handles.Count)
        {
            _handles.Add(handle);
        }
        else
        {
            _handles[slot] = handle;
        }

        handle.Slot = slot;
        handle.Generation = ++_generation;
        var data = stackalloc byte[16];
        EpollEvents.Write(data, flags, ((ulong)handle.Generation << 32) | (uint)slot);
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, handle.Descriptor, data) == 0)
        {
            return true;
        }

        Forget(handle);
        return false;
    }

    /// <summary>Puts <paramref name="handle"/> in the place of the one that has its slot, with the same descriptor.</summary>
    public bool Replace(EpollHandle handle, uint flags)
    {
        _handles[handle.Slot] = handle;
        handle.Generation = ++_generation;
        var data = stackalloc byte[16];
        EpollEvents.Write(data, flags, ((ulong)handle.Generation << 32) | (uint)handle.Slot);
        if (Libc.EpollControl(_epoll, Libc.EpollModify, handle.Descriptor, data) == 0)
        {
            return true;
        }

        Forget(handle);
        return false;
    }

    /// <summary>Gives the slot back; the descriptor leaves epoll by being closed.</summary>
    public void Forget(EpollHandle handle)
    {
        _handles[handle.Slot] = null;
        _freeSlots.Push(handle.Slot);
    }

    protected override void Poll(int timeoutMilliseconds)
    {
        var count = Libc.EpollWait(_epoll, _events.Pointer, EpollEvents.Capacity, timeoutMilliseconds);
        UpdateNow();
        for (var i = 0; i < count; i++)
        {
            var data = _events.Data(i);
            var handle = _handles[(int)(uint)data];
            // A descriptor that an earlier event of this batch closed may have a new owner in its slot.
            if (handle is null || handle.Generation != (uint)(data >> 32))
            {
                continue;
            }

            try
            {
                handle.OnEvents(_events.Flags(i));
            }
            catch (Exception e)
            {
                OnUnhandled(e);
            }
        }
    }

    protected override void Wake() => _wake.Signal();

    protected override void CloseAll()
    {
        _ended = true;
        foreach (var handle in _handles.ToArray())
        {
            try
            {
                handle?.OnLoopEnded();
            }
            catch (Exception e)
            {
                OnUnhandled(e); // The others must be closed all the same.
            }
        }
    }

    protected override void Release()
    {
        _ = Libc.Close(_wake.Descriptor);
        _ = Libc.Close(_epoll);
    }

    internal void Unhandled(Exception e) => OnUnhandled(e);

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new InvalidOperationException($"{call}: {Libc.Describe(Libc.Errno)}");

    /// <summary>The eventfd by which other threads interrupt the wait.</summary>
    private sealed class WakeHandle(int descriptor) : EpollHandle(descriptor)
    {
        public void Signal()
        {
            var one = 1UL;
            _ = Libc.Write(Descriptor, &one, sizeof(ulong));
        }

        public override void OnEvents(uint flags)
        {
            ulong count;
            _ = Libc.Read(Descriptor, &count, sizeof(ulong));
        }

        public override void OnLoopEnded() { }
    }
}
