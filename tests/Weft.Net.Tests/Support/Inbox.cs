namespace Weft.Net.Tests;

/// <summary>Takes what arrives on a loop and hands it to one waiter on that loop, in order.</summary>
internal sealed class Inbox<T>
{
    private readonly Queue<T> _items = new();
    private readonly LoopSignal<bool> _arrived = new();

    public int Count => _items.Count;

    public void Add(T item)
    {
        _items.Enqueue(item);
        _arrived.Complete(result: true);
    }

    public async Task<T> NextAsync()
    {
        while (_items.Count == 0)
        {
            await _arrived.Arm();
        }

        return _items.Dequeue();
    }
}
