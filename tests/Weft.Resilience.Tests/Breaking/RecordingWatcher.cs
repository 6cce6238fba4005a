namespace Weft.Resilience.Tests.Breaking;

/// <summary>Remembers what it was told.</summary>
internal sealed class RecordingWatcher : IEjectionWatcher
{
    public List<string> Events { get; } = [];

    public long LastWait { get; private set; }

    public void OnEjected(EndpointLoad load, EjectionCause cause, long wait)
    {
        LastWait = wait;
        Events.Add($"ejected {cause.Text()}");
    }

    public void OnEjectionRefused(EndpointLoad load, EjectionCause cause) => Events.Add($"refused {cause.Text()}");

    public void OnRestored(EndpointLoad load) => Events.Add("restored");

    public void OnPanic(bool begins) => Events.Add(begins ? "panic" : "calm");
}
