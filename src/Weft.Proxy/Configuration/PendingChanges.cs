namespace Weft.Proxy;

/// <summary>
/// What watches have seen and nobody has acted on yet. Watches report from threads of their own and must not wait; changes of the same thing replace
/// each other, so that this holds no more than the files there are.
/// </summary>
internal sealed class PendingChanges : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private Dictionary<string, string?> _documents = new(StringComparer.Ordinal);
    private string? _config;
    private bool _names;
    private bool _heard;
    private bool _signalled;

    /// <summary>The proxy's file says something else.</summary>
    public void OnConfig(string text) => Note(() => _config = text);

    /// <summary>A document file says something else; null: it is gone.</summary>
    public void OnDocument(string file, string? text) => Note(() => _documents[file] = text);

    /// <summary>Documents say something else, all of them at one time; null: it is gone.</summary>
    public void OnDocuments(IReadOnlyDictionary<string, string?> texts) =>
        Note(() =>
        {
            foreach (var (name, text) in texts)
            {
                _documents[name] = text;
            }
        });

    /// <summary>A control plane has answered: all that it has to say of documents was noted before.</summary>
    public void OnHeard() => Note(() => _heard = true);

    /// <summary>Names or endpoints may have changed.</summary>
    public void OnNames() => Note(() => _names = true);

    /// <summary>A watch has looked, and what is wrong with its files may be something else now.</summary>
    public void OnLooked() => Note(() => { });

    /// <summary>Waits for a change and takes all that there are.</summary>
    public async Task<Taken> TakeAsync(CancellationToken stop)
    {
        await _signal.WaitAsync(stop);
        lock (_gate)
        {
            var taken = new Taken(_config, _documents, _names, _heard);
            _config = null;
            _documents = new Dictionary<string, string?>(StringComparer.Ordinal);
            _names = false;
            _heard = false;
            _signalled = false;
            return taken;
        }
    }

    public void Dispose() => _signal.Dispose();

    private void Note(Action change)
    {
        lock (_gate)
        {
            change();
            if (!_signalled)
            {
                _signalled = true;
                _signal.Release();
            }
        }
    }

    /// <summary>Everything that has changed since the last time.</summary>
    internal sealed record Taken(
        string? Config,
        IReadOnlyDictionary<string, string?> Documents,
        bool Names,
        bool Heard
    );
}
