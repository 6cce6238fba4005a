using Weft.Naming;

namespace Weft.Discovery;

/// <summary>One name whose endpoints may be held; safe for several threads.</summary>
internal sealed class HeldName(TimeSpan hold)
{
    private readonly MassRemovalHold _hold = new(hold);
    private readonly Lock _gate = new();

    /// <summary>How many endpoints are in use only because they are held.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _hold.Held;
            }
        }
    }

    public EndpointSet Apply(EndpointSet said, bool isCurrent, TimeSpan now)
    {
        lock (_gate)
        {
            return _hold.Apply(said, isCurrent, now);
        }
    }
}
