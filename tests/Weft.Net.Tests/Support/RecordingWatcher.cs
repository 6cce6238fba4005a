namespace Weft.Net.Tests;

/// <summary>Notes what a connection tells its watcher; one waiter on the loop can wait for the next event.</summary>
internal sealed class RecordingWatcher : IConnectionWatcher
{
    public Inbox<string> Events { get; } = new();

    public void OnArrived(Connection connection) => Events.Add("arrived");

    public void OnLost(Connection connection) => Events.Add("lost");
}
