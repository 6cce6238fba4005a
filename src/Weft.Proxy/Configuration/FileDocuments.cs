using System.Text;
using Weft.Discovery;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>The documents of one file or folder: read once as a whole, then watched.</summary>
internal sealed class FileDocuments : IDocumentSource
{
    private readonly DocumentTexts _texts = new();
    private readonly FileWatch? _watch;
    private readonly PendingChanges _pending;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="path">The file or folder; null when the proxy has no documents.</param>
    /// <param name="time">The clock of the watch.</param>
    /// <param name="pending">Where changes are noted.</param>
    public FileDocuments(string? path, TimeProvider time, PendingChanges pending)
    {
        Path = path;
        _pending = pending;
        _watch = path is null
            ? null
            : new FileWatch(
                path,
                time,
                new FileWatchOptions { Accepts = ResourceFolder.Holds, MaxFiles = ResourceFolder.MaxFiles }
            );
    }

    public string? Path { get; }

    public int Generation => _texts.Generation;

    public IReadOnlyList<Problem> Problems => _watch?.Problems ?? [];

    /// <summary>The text of a file, without the mark that some editors begin it with.</summary>
    public static string TextOf(WatchedFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    public IReadOnlyList<Problem> ReadAll()
    {
        if (Path is null)
        {
            return [];
        }

        var (texts, problems) = ResourceFolder.Read(Path);
        foreach (var (name, text) in texts)
        {
            _texts.Set(name, text);
        }

        return problems;
    }

    public void Watch()
    {
        if (_watch is not null)
        {
            _watch.Changed += OnChanged;
            _watch.Start();
        }
    }

    public bool Take(IReadOnlyDictionary<string, string?> changes)
    {
        var isNews = false;
        foreach (var (file, text) in changes)
        {
            // A folder that was watched before may still have said something.
            isNews |= IsOurs(file) && _texts.Set(file, text);
        }

        return isNews;
    }

    public (ResourceSet? Set, IReadOnlyList<Problem> Problems) Parse(ProxyConfig config) => _texts.Read(config);

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }
    }

    private bool IsOurs(string file) =>
        _watch is not null
        && (
            string.Equals(file, _watch.Path, StringComparison.Ordinal)
            || string.Equals(
                System.IO.Path.GetDirectoryName(file),
                System.IO.Path.TrimEndingDirectorySeparator(_watch.Path),
                StringComparison.Ordinal
            )
        );

    private void OnChanged(FileChanges changes)
    {
        foreach (var file in changes.Changed)
        {
            _pending.OnDocument(FullName(file.Name), TextOf(file));
        }

        foreach (var name in changes.Removed)
        {
            _pending.OnDocument(FullName(name), null);
        }

        _pending.OnLooked();
    }

    private string FullName(string name) =>
        Directory.Exists(_watch!.Path) ? System.IO.Path.Combine(_watch.Path, name) : _watch.Path;
}
