namespace Weft.Net.Epoll;

/// <summary>Something with a descriptor that a loop watches.</summary>
internal abstract class EpollHandle(int descriptor)
{
    public int Descriptor { get; } = descriptor;

    /// <summary>Where the loop keeps it.</summary>
    public int Slot { get; set; }

    /// <summary>Tells it apart from earlier owners of its slot.</summary>
    public uint Generation { get; set; }

    public abstract void OnEvents(uint flags);

    /// <summary>The loop ends: close.</summary>
    public abstract void OnLoopEnded();
}
