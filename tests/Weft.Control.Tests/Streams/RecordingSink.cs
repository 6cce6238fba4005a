using Weft.Api.Client;
using Weft.Api.Mesh;

namespace Weft.Control.Tests.Streams;

/// <summary>Keeps what came, and lets a test wait for more.</summary>
public sealed class RecordingSink
{
    private readonly SemaphoreSlim _came = new(0);
    private readonly Lock _gate = new();

    /// <summary>What is known now, by name.</summary>
    private readonly Dictionary<string, Resource> _known = [];

    private readonly List<ResourceBatch> _batches = [];

    /// <summary>Why a resource is refused; null to take it.</summary>
    public Func<Resource, string?> Refuse { get; set; } = _ => null;

    public IReadOnlyList<ResourceBatch> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    public string[] Documents
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Keys.Where(k => !k.StartsWith('/')).Order(StringComparer.Ordinal)];
            }
        }
    }

    public Resource? this[string name]
    {
        get
        {
            lock (_gate)
            {
                return _known.GetValueOrDefault(name);
            }
        }
    }

    public IReadOnlyList<Refusal> Take(ResourceBatch batch)
    {
        var refusals = new List<Refusal>();
        lock (_gate)
        {
            _batches.Add(batch);
            foreach (var resource in batch.Changes)
            {
                if (resource.ContentCase == Resource.ContentOneofCase.Absent)
                {
                    _known.Remove(resource.Name.Name);
                }
                else if (Refuse(resource) is { } reason)
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
                else
                {
                    _known[resource.Name.Name] = resource;
                }
            }
        }

        _came.Release();
        return refusals;
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(
                await _came.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken),
                "nothing more came"
            );
        }
    }
}
