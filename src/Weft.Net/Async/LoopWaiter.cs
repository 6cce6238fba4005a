namespace Weft.Net;

/// <summary>
/// One who can be resumed on an event loop: a suspended method (<see cref="LoopTask{T}"/>). Chains of them are how a request waits, so that resuming is one virtual
/// call and no delegate.
/// </summary>
public abstract class LoopWaiter
{
    private protected LoopWaiter() { }

    /// <summary>What was waited for is there.</summary>
    internal abstract void Resume();
}
