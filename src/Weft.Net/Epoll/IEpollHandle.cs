namespace Weft.Net.Epoll;

/// <summary>Something with a descriptor that a loop watches.</summary>
internal interface IEpollHandle
{
    int Descriptor { get; }

    /// <summary>Where the loop keeps it.</summary>
    int Slot { get; set; }

    void OnEvents(uint flags);

    /// <summary>The loop ends: close.</summary>
    void OnLoopEnded();
}
