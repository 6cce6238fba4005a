using System.Collections.Immutable;
using System.Text.Json;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Discovery;
using Weft.Naming;
using Weft.Proxy;
using Weft.Resources;
using Weft.Resources.Yaml;

namespace Weft.Cli.Sources;

/// <summary>A dtab, and the namers and endpoints behind it, as a proxy with the same documents would have them.</summary>
internal sealed class NamingSource : INameSource
{
    /// <summary>How long to wait for a namer or a name service that has not answered yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Dtab _dtab;
    private readonly INamer _namer;
    private readonly IEndpointSource _endpoints;
    private readonly TimeProvider _time;
    private readonly HostResolver _resolver;
    private readonly List<IDiscoveryNamer> _namers = [];

    private NamingSource(Dtab dtab, IReadOnlyList<NamerDocument> namers, TimeProvider time)
    {
        _dtab = dtab;
        _time = time;
        // The seed spreads questions of many processes; one process that ends soon has nothing to spread.
        _resolver = new HostResolver(HostResolver.AskPlatform, time, new Random(0));
        var random = new Random(1);
        foreach (var document in namers)
        {
            var namer = NamerFactory.Create(document, _resolver, time, random);
            namer.Start();
            _namers.Add(namer);
        }

        _namer = new CompositeNamer([.. _namers.Select(f => (f.Prefix, (INamer)f))]);
        _endpoints = new CompositeEndpointSource([.. _namers, new InetEndpointSource(_resolver)]);
    }

    /// <summary>What is wrong with the sources of namers.</summary>
    public IEnumerable<Problem> Problems => _namers.SelectMany(f => f.Problems);

    /// <summary>Reads all sources that were chosen and starts their namers.</summary>
    /// <exception cref="InvalidInputException">A source cannot be used; says why.</exception>
    public static NamingSource Open(SourceChoice choice, CliContext context)
    {
        var dtab = Dtab.Empty;
        IReadOnlyList<NamerDocument> namers = [];
        if (choice.Resources is { } resources)
        {
            var set = ReadDocuments(resources);
            namers = set.Namers;
            dtab = FindDtab(set, choice, resources);
        }
        else if (choice.DtabName is not null)
        {
            throw new InvalidInputException(
                "--dtab-name: there are no documents to find it in; give --resources or --control too"
            );
        }

        return new NamingSource(dtab.Concat(Entries(choice, context)), namers, context.Time);
    }

    /// <summary>The entries that were given beside documents: those of a file, and then those of the command line.</summary>
    /// <exception cref="InvalidInputException">They do not parse, or cannot be read.</exception>
    public static Dtab Entries(SourceChoice choice, CliContext context)
    {
        var dtab = Dtab.Empty;
        if (choice.DtabFile is { } file)
        {
            var (name, text) = InputText.Read(context, file);
            dtab = dtab.Concat(ParseDtab(name, text));
        }

        if (choice.DtabText is { } entries)
        {
            dtab = dtab.Concat(ParseDtab("--dtab", entries));
        }

        return dtab;
    }

    public async Task<JsonElement> DelegateAsync(Naming.Path path, CancellationToken stop)
    {
        var bound = await BindAsync(path, stop);
        var tree = Delegator.Delegate(_dtab, path, _namer);
        return Json(writer => DelegationJson.Write(writer, path, tree, bound));
    }

    public async Task<JsonElement> ResolveAsync(Naming.Path path, CancellationToken stop)
    {
        var bound = await BindAsync(path, stop);
        var names = ResolvedName.Of(bound, _endpoints);
        await UntilAsync(
            () =>
            {
                names = ResolvedName.Of(bound, _endpoints);
                return names.All(n => n.Endpoints is not EndpointSet.Pending);
            },
            stop
        );
        return Json(writer => ResolutionJson.Write(writer, path, bound, names));
    }

    /// <summary>The outcome, which is pending only when it stayed so for <see cref="Patience"/>.</summary>
    private async Task<NameState> BindAsync(Naming.Path path, CancellationToken stop)
    {
        var bound = Binder.Bind(_dtab, path, _namer);
        await UntilAsync(() => (bound = Binder.Bind(_dtab, path, _namer)) is not NameState.Pending, stop);
        return bound;
    }

    /// <summary>Waits until a condition holds, but no longer than <see cref="Patience"/>.</summary>
    private async Task UntilAsync(Func<bool> condition, CancellationToken stop)
    {
        var start = _time.GetTimestamp();
        while (!condition() && _time.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Interval, _time, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var namer in _namers)
        {
            await namer.DisposeAsync();
        }

        await _resolver.DisposeAsync();
    }

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, DelegationJson.WriterOptions))
        {
            write(writer);
        }

        var options = new JsonDocumentOptions { MaxDepth = DelegationJson.WriterOptions.MaxDepth };
        using var document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length), options);
        return document.RootElement.Clone();
    }

    public static Dtab ParseDtab(string source, string text) =>
        Dtab.TryParse(text, out var dtab, out var error) ? dtab : throw SyntaxReport.Exception(source, error);

    private static ResourceSet ReadDocuments(string path)
    {
        var (texts, unreadable) = ResourceFolder.Read(path);
        var parsed = ResourceSet.Parse(texts);
        IReadOnlyList<Problem> problems = [.. unreadable, .. parsed.Problems];
        return problems.Count == 0
            ? parsed.Set
            : throw new InvalidInputException(string.Join(Environment.NewLine, problems));
    }

    private static Dtab FindDtab(ResourceSet set, SourceChoice choice, string resources)
    {
        var name = choice.DtabName ?? SourceOptions.DefaultDtabName;
        if (set.FindDtab(name) is { } document)
        {
            return document.Dtab;
        }

        // Whoever brings entries needs no document, unless one was asked for.
        if (choice.DtabName is null && (choice.DtabFile ?? choice.DtabText) is not null)
        {
            return Dtab.Empty;
        }

        var names = set.Dtabs.Select(d => d.Name).Order(StringComparer.Ordinal).ToImmutableArray();
        var hint =
            NearestKey.Find(name, names) is { } nearest ? $"did you mean '{nearest}'?"
            : names.IsEmpty ? "there is no Dtab at all; give entries with --dtab"
            : $"there are: {string.Join(", ", names)}";
        throw new InvalidInputException($"{resources}: there is no Dtab '{name}'; {hint}");
    }
}
