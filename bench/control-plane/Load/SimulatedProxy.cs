using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Bench.ControlPlane.Wire;

namespace Weft.Bench.ControlPlane.Load;

/// <summary>As much of a proxy as a control plane sees: the client that proxies use, and names that it watches.</summary>
internal sealed class SimulatedProxy : IAsyncDisposable
{
    private readonly ControlStream _stream;
    private readonly HashSet<(ResourceType, string)> _missing = [];
    private Awaited? _awaited;
    private Milestone? _owed;
    private Milestone? _answer;

    /// <summary>A proxy that is not connected.</summary>
    /// <param name="address">The control plane.</param>
    /// <param name="number">From 0.</param>
    /// <param name="services">Which it watches.</param>
    public SimulatedProxy(Uri address, int number, IReadOnlyList<int> services)
    {
        Services = services.ToHashSet();
        var options = new ControlStreamOptions
        {
            Address = address,
            ProxyId = $"proxy-{number}",
            ProgramVersion = "bench",
            Connect = (context, stop) => CountedStream.ConnectAsync(context, Wire, stop),
        };
        _stream = new ControlStream(options, OnBatch, TimeProvider.System, new Random(number));
        _missing.Add((ResourceType.Document, "Dtab/default"));
        foreach (var service in services)
        {
            var name = Load.Services.ConcreteName(service);
            // A proxy asks for what a name is bound to, and then for the endpoints of that.
            foreach (var type in (ResourceType[])[ResourceType.Binding, ResourceType.Endpoints])
            {
                _stream.Subscribe(type, name);
                _missing.Add((type, name));
            }
        }

        Wire.Said += OnSaid;
    }

    public IReadOnlySet<int> Services { get; }

    public WireCount Wire { get; } = new();

    /// <summary>Connects.</summary>
    /// <param name="complete">Reached with an answer to everything that is asked for.</param>
    public void Start(Milestone complete)
    {
        Volatile.Write(
            ref _awaited,
            new Awaited(complete, r => _missing.Remove((r.Name.Type, r.Name.Name)) && _missing.Count == 0)
        );
        _stream.Start();
    }

    /// <summary>Reports the next resource that fits.</summary>
    public void Await(Milestone milestone, Func<Resource, bool> fits) =>
        Volatile.Write(ref _awaited, new Awaited(milestone, fits));

    /// <summary>Reports when the next connection's first answer has come and is acknowledged.</summary>
    public void AwaitAnswer(Milestone milestone) => Volatile.Write(ref _answer, milestone);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private IReadOnlyList<Refusal> OnBatch(ResourceBatch batch)
    {
        if (Volatile.Read(ref _awaited) is { } awaited && batch.Changes.Any(awaited.Fits))
        {
            Volatile.Write(ref _awaited, null);
            awaited.Milestone.OnTold();
            // The acknowledgement is said after this returns.
            Volatile.Write(ref _owed, awaited.Milestone);
        }

        return [];
    }

    private void OnSaid(bool hasHeard)
    {
        Interlocked.Exchange(ref _owed, null)?.OnAcknowledged();
        if (hasHeard && Interlocked.Exchange(ref _answer, null) is { } answer)
        {
            answer.OnTold();
            answer.OnAcknowledged();
        }
    }

    private sealed record Awaited(Milestone Milestone, Func<Resource, bool> Fits);
}
