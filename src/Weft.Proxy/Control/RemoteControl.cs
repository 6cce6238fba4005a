using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Naming;
using Weft.Resources;
using Resource = Weft.Api.Mesh.Resource;

namespace Weft.Proxy;

/// <summary>
/// What a proxy has from its control plane, over one stream: the documents of its namespace, and the names that it asks for.
/// </summary>
internal sealed class RemoteControl : IResourceSink, IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly RemoteNames _names;
    private readonly ControlStream _stream;
    private readonly ITimer _sweep;

    /// <summary>Knows nothing and asks nobody until it is started.</summary>
    /// <param name="options">Whom to ask; with a snapshot folder the last known good outlives the process.</param>
    /// <param name="time">The clock of delays and of names that are no longer used.</param>
    /// <param name="random">Spreads what would otherwise happen at once; used by this alone.</param>
    public RemoteControl(ControlStreamOptions options, TimeProvider time, Random random)
    {
        _names = new RemoteNames(time, OnWatch);
        _stream = new ControlStream(options, this, time, random);
        _sweep = time.CreateTimer(_ => _names.Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>Raised, off the loops and one call at a time, with the documents that changed: their texts by <c>Kind/name</c>, null for those that are gone.</summary>
    public event Action<IReadOnlyDictionary<string, string?>>? DocumentsChanged;

    /// <summary>Raised, off the loops, when what a name is bound to or has for endpoints may have changed.</summary>
    public event Action? NamesChanged;

    public INamer Namer => _names;

    /// <summary>Of names that namers make; <c>/$/inet</c> is the proxy's own affair.</summary>
    public IEndpointSource Endpoints => _names;

    /// <summary>Whether the control plane is there, and when all of this was last known to be right.</summary>
    public StreamStatus Status => _stream.Status;

    /// <summary>Raised when <see cref="Status"/> has changed.</summary>
    public event Action<StreamStatus>? StatusChanged
    {
        add => _stream.StatusChanged += value;
        remove => _stream.StatusChanged -= value;
    }

    /// <summary>Raises what an earlier run has saved, here and now, and goes on by itself.</summary>
    public void Start() => _stream.Start();

    IReadOnlyList<Refusal> IResourceSink.Take(ResourceBatch batch)
    {
        var refusals = new List<Refusal>();
        var documents = new Dictionary<string, string?>(StringComparer.Ordinal);
        var hasNames = false;
        foreach (var resource in batch.Changes)
        {
            var isDocument = resource.Name.Type == ResourceType.Document;
            var reason = isDocument ? TakeDocument(resource, documents) : _names.Take(resource);
            hasNames |= !isDocument;
            if (reason is not null)
            {
                refusals.Add(
                    new Refusal
                    {
                        Name = resource.Name,
                        Version = resource.Version,
                        Reason = reason,
                    }
                );
            }
        }

        if (documents.Count > 0)
        {
            DocumentsChanged?.Invoke(documents);
        }

        if (hasNames)
        {
            NamesChanged?.Invoke();
        }

        return refusals;
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await _stream.DisposeAsync();
    }

    /// <summary>
    /// A document that this version cannot read is refused by itself, so that one of a newer kind does not hold up the others.
    /// </summary>
    private static string? TakeDocument(Resource resource, Dictionary<string, string?> documents)
    {
        switch (resource.ContentCase)
        {
            case Resource.ContentOneofCase.Absent:
                documents[resource.Name.Name] = null;
                return null;
            case Resource.ContentOneofCase.Document:
                var problems = ResourceReading.Of(resource.Name.Name, resource.Document).Problems;
                if (problems.Count > 0)
                {
                    return string.Join(Environment.NewLine, problems);
                }

                documents[resource.Name.Name] = resource.Document;
                return null;
            default:
                return $"a document cannot be {resource.ContentCase}";
        }
    }

    private void OnWatch(ResourceType type, string name, bool isWanted)
    {
        if (isWanted)
        {
            _stream.Subscribe(type, name);
        }
        else
        {
            _stream.Unsubscribe(type, name);
        }
    }
}
