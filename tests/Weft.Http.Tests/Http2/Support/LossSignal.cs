namespace Weft.Http.Tests.Http2;

/// <summary>A wait that ends when the client is lost, or when a test says so. Used on one loop.</summary>
internal sealed class LossSignal : IClientLossWatcher
{
    private readonly List<TaskCompletionSource> _waits = [];
    private bool _lost;

    /// <summary>A wait of its own for each who asks: a task continues on its completer's thread only when nobody else waits for it.</summary>
    public Task Task
    {
        get
        {
            if (_lost)
            {
                return System.Threading.Tasks.Task.CompletedTask;
            }

            var wait = new TaskCompletionSource();
            _waits.Add(wait);
            return wait.Task;
        }
    }

    public void OnClientLost()
    {
        _lost = true;
        foreach (var wait in _waits)
        {
            wait.TrySetResult();
        }
    }
}
