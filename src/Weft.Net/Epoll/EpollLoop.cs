using System.Net;

namespace Weft.Net.Epoll;

/// <summary>The event loop on Linux: one epoll instance, edge-triggered, every descriptor registered once.</summary>
internal sealed unsafe class EpollLoop : EventLoop
{
    private readonly EpollEvents _events = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly int _epoll;
    private readonly WakeHandle _wake;
    private Watched[] _watched = new Watched[64];
    private int _slots;
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
    public bool Register(IEpollHandle handle, uint flags)
    {
        if (_ended)
        {
            return false;
        }

        var slot = _freeSlots.TryPop(out var free) ? free : _slots++;
        if (slot == _watched.Length)
        {
            Array.Resize(ref _watched, 2 * slot);
        }

        handle.Slot = slot;
        return Control(handle, Libc.EpollAdd, flags);
    }

    /// <summary>Puts <paramref name="handle"/> in the place of the one that has its slot, with the same descriptor.</summary>
    public bool Replace(IEpollHandle handle, uint flags) => Control(handle, Libc.EpollModify, flags);

    private bool Control(IEpollHandle handle, int operation, uint flags)
    {
        _generation = Math.Max(1, _generation + 1);
        _watched[handle.Slot] = new Watched(handle, _generation);
        var data = stackalloc byte[16];
        EpollEvents.Write(data, flags, ((ulong)_generation << 32) | (uint)handle.Slot);
        if (Libc.EpollControl(_epoll, operation, handle.Descriptor, data) == 0)
        {
            return true;
        }

        Forget(handle);
        return false;
    }

    /// <summary>Gives the slot back; the descriptor leaves epoll by being closed.</summary>
    public void Forget(IEpollHandle handle)
    {
        _watched[handle.Slot] = default;
        _freeSlots.Push(handle.Slot);
    }

    protected override void Poll(int timeoutMilliseconds)
    {
        var count = Libc.EpollWait(_epoll, _events.Pointer, EpollEvents.Capacity, timeoutMilliseconds);
        UpdateNow();
        for (var i = 0; i < count; i++)
        {
            var data = _events.Data(i);
            var watched = _watched[(int)(uint)data];
            // A descriptor that an earlier event of this batch closed may have a new owner in its slot.
            if (watched.Generation != (uint)(data >> 32))
            {
                continue;
            }

            try
            {
                watched.Handle!.OnEvents(_events.Flags(i));
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
        foreach (var watched in _watched.ToArray())
        {
            try
            {
                watched.Handle?.OnLoopEnded();
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

    /// <summary>Who has a slot.</summary>
    /// <param name="Handle">Null when nobody has.</param>
    /// <param name="Generation">Tells it apart from earlier owners of the slot; 0 when nobody has it. Here, so that an event finds it beside its handle.</param>
    private readonly record struct Watched(IEpollHandle? Handle, uint Generation);

    /// <summary>The eventfd by which other threads interrupt the wait.</summary>
    private sealed class WakeHandle(int descriptor) : IEpollHandle
    {
        public int Descriptor => descriptor;

        public int Slot { get; set; }

        public void Signal()
        {
            var one = 1UL;
            _ = Libc.Write(Descriptor, &one, sizeof(ulong));
        }

        public void OnEvents(uint flags)
        {
            ulong count;
            _ = Libc.Read(Descriptor, &count, sizeof(ulong));
        }

        public void OnLoopEnded() { }
    }
}
