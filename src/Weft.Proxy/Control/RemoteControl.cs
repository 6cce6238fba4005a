using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Discovery;
using Weft.Naming;
using Weft.Resources;
using Weft.Telemetry;
using Resource = Weft.Api.Mesh.Resource;

namespace Weft.Proxy;

/// <summary>
/// What a proxy has from its control plane, over one stream: the documents of its namespace, and the names that it asks for.
/// </summary>
internal sealed class RemoteControl : IControlSource
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly PendingChanges _pending;
    private readonly Log _log;
    private readonly DateTimeOffset _startedAt;
    private readonly RemoteDocuments _documents = new();
    private readonly DocumentTexts _texts = new();
    private readonly RemoteNames _names;
    private readonly ControlStream _stream;
    private readonly ITimer _sweep;
    private bool _isHeard;
    private bool _isRestored;

    private RemoteControl(
        ControlStreamOptions options,
        PendingChanges pending,
        TimeProvider time,
        Random random,
        Log log
    )
    {
        (Id, _pending, _log, _startedAt) = (options.ProxyId, pending, log, time.GetUtcNow());
        _names = new RemoteNames(time, OnWatch);
        _stream = new ControlStream(options, Take, time, random);
        _stream.StatusChanged += OnStatus;
        _sweep = time.CreateTimer(_ => _names.Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>What this proxy calls itself.</summary>
    public string Id { get; }

    public INamer Namer => _names;

    /// <summary>Whether the control plane is there, and when all of this was last known to be right.</summary>
    public StreamStatus Status => _stream.Status;

    /// <inheritdoc/>
    public string? Error => Status.Error;

    /// <inheritdoc/>
    public DateTimeOffset? StaleSince => Status is { IsConnected: false } status ? status.HeardAt ?? _startedAt : null;

    /// <summary>Where what is known comes from.</summary>
    public string Origin =>
        Volatile.Read(ref _isHeard) ? "control plane"
        : Volatile.Read(ref _isRestored) ? "snapshot"
        : "nothing yet";

    /// <summary>Of all documents together: two proxies that have the same ones have the same number.</summary>
    public ulong Version => _documents.Version;

    public int Generation => _texts.Generation;

    public IReadOnlyList<Problem> Problems => _documents.Problems;

    /// <summary>Knows nothing and asks nobody yet.</summary>
    /// <param name="config">The proxy's file as it is now.</param>
    /// <param name="current">The proxy's file as it is in force later.</param>
    /// <param name="pending">Takes in what the control plane says.</param>
    /// <param name="metrics">What is reported to it.</param>
    /// <param name="time">The clock of the stream.</param>
    /// <param name="random">Spreads reconnects; used by this alone.</param>
    /// <param name="log">Where it says how the stream fares.</param>
    /// <exception cref="IOException">The token or the roots to be trusted cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)] // See IControlSource: the caller must not need this type.
    public static IControlSource Open(
        ProxyConfig config,
        Func<ProxyConfig> current,
        PendingChanges pending,
        ProxyMetrics metrics,
        TimeProvider time,
        Random random,
        Log log
    )
    {
        var control = config.Control!;
        var options = new ControlStreamOptions
        {
            Address = control.Address,
            ProxyId = $"{Environment.MachineName}:{config.Admin.Port}",
            ProgramVersion = ProgramVersion.Text,
            Namespace = control.Namespace,
            TokenFile = control.TokenFile,
            TrustFile = control.CaFile,
            SnapshotFolder = config.Snapshot,
            Reports = new TrafficReports(metrics, current, time, log).Next,
        };
        return new RemoteControl(options, pending, time, random, log);
    }

    /// <inheritdoc/>
    public IEndpointSource EndpointsWith(IEndpointSource own) => new CompositeEndpointSource([_names, own]);

    /// <inheritdoc/>
    public void Describe(Utf8JsonWriter writer, ProxyConfig config, DateTimeOffset now) =>
        ControlJson.Write(writer, config, this, now);

    public IReadOnlyList<Problem> ReadAll()
    {
        _stream.Restore();
        return [];
    }

    public void Watch() => _stream.Start();

    public bool Take(IReadOnlyDictionary<string, string?> changes)
    {
        var isNews = false;
        foreach (var (name, text) in changes)
        {
            isNews |= _texts.Set(name, text);
        }

        return isNews;
    }

    public (ResourceSet? Set, IReadOnlyList<Problem> Problems) Parse(ProxyConfig config) => _texts.Read(config);

    private List<Refusal> Take(ResourceBatch batch)
    {
        var refusals = new List<Refusal>();
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        var hasNames = false;
        foreach (var resource in batch.Changes)
        {
            var isDocument = resource.Name.Type == ResourceType.Document;
            var reason = isDocument ? _documents.Take(resource, texts) : _names.Take(resource);
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

        if (batch.FromSnapshot is { } savedAt)
        {
            Restore(texts, savedAt);
            return refusals;
        }

        _pending.OnDocuments(texts);
        if (hasNames)
        {
            _pending.OnNames();
        }

        return refusals;
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await _stream.DisposeAsync();
    }

    /// <summary>Within <see cref="ReadAll"/>: nobody else uses the texts yet.</summary>
    private void Restore(Dictionary<string, string?> texts, DateTimeOffset savedAt)
    {
        Take(texts);
        Volatile.Write(ref _isRestored, true);
        _pending.OnHeard();
        _log.Info(
            "what was last known is in force until the control plane answers",
            ("savedAt", savedAt.ToString("O", CultureInfo.InvariantCulture))
        );
    }

    private void OnStatus(StreamStatus status)
    {
        if (status.IsConnected)
        {
            Volatile.Write(ref _isHeard, true);
            _pending.OnHeard();
        }

        if (status.Error is { } error)
        {
            _log.Warn(
                "the control plane is missed, what was last known stays",
                ("error", error),
                ("heardAt", status.HeardAt?.ToString("O", CultureInfo.InvariantCulture))
            );
        }
        else if (status.IsConnected)
        {
            _log.Info("the control plane is followed");
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
