namespace Weft.Http.Tests.Http2;

/// <summary>A wait that ends when the client is lost, or when a test says so.</summary>
internal sealed class LossSignal : IClientLossWatcher
{
    private readonly TaskCompletionSource _lost = new();

    public Task Task => _lost.Task;

    public void OnClientLost() => _lost.TrySetResult();
}
