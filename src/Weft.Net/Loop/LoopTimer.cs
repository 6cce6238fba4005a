namespace Weft.Net;

/// <summary>
/// A deadline that is moved far more often than it is met. Moving it later is one store: the wheel looks at the
/// deadline only when the slot of an earlier one comes round.
/// </summary>
public abstract class LoopTimer
{
    internal const long Never = long.MaxValue;

    /// <summary>Wheel tick at which this timer is due; <see cref="Never"/> when it is off.</summary>
    internal long DueTick = Never;

    /// <summary>Wheel tick of the slot it lies in; <see cref="Never"/> when it lies in none.</summary>
    internal long SlotTick = Never;

    internal LoopTimer? Previous;
    internal LoopTimer? Next;

    /// <summary>True while a deadline is set.</summary>
    public bool IsSet => DueTick != Never;

    /// <summary>Called on the loop once the deadline has passed; the timer is off by then and may be set again.</summary>
    protected internal abstract void OnDue();
}
