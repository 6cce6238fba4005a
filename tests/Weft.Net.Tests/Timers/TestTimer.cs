namespace Weft.Net.Tests.Timers;

internal sealed class TestTimer(Action onDue) : LoopTimer
{
    public int Runs { get; private set; }

    protected internal override void OnDue()
    {
        Runs++;
        onDue();
    }
}
