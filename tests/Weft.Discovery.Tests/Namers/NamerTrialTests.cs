using Weft.Naming;
using Weft.Resources;

namespace Weft.Discovery.Tests.Namers;

public sealed class NamerTrialTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly HostResolver _resolver;
    private readonly NamerSet _set;

    public NamerTrialTests()
    {
        _resolver = new HostResolver(new FakeDns().Ask, _time, new Random(1));
        _set = new NamerSet(_time, new Random(2), _resolver, () => { });
    }

    public ValueTask InitializeAsync()
    {
        _folder.Write("now/books", "127.0.0.1 1\n");
        _folder.Write("then/books", "127.0.0.1 2\n");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _set.DisposeAsync();
        await _resolver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task what_runs_is_used_and_goes_on_and_what_is_new_runs_for_the_trial()
    {
        var (now, then, books) = (
            Document("file", "now"),
            Document("file", "then"),
            Naming.Path.Parse("/#/file/books")
        );
        Assert.Empty(_set.Replace([now]));
        var trial = _set.Try([now, then, now]);
        var (namerNow, endpointsNow) = trial.Of([now]);
        var (namerThen, endpointsThen) = trial.Of([then]);

        Assert.Same(Only(_set.Namer), Only(namerNow));
        Assert.NotSame(Only(_set.Namer), Only(namerThen));
        Assert.Equal((1, 2), (Port(endpointsNow, books), Port(endpointsThen, books)));
        Assert.IsType<EndpointSet.Known>(endpointsThen.Endpoints(Naming.Path.Parse("/$/inet/127.0.0.1/80")));

        await trial.DisposeAsync();
        Assert.Equal(1, Port(_set.Endpoints, books));
    }

    private static INamer Only(INamer namer) => Assert.Single(Assert.IsType<CompositeNamer>(namer).Namers).Namer;

    private static int Port(IEndpointSource endpoints, Naming.Path name) =>
        Assert.Single(Assert.IsType<EndpointSet.Known>(endpoints.Endpoints(name)).Endpoints).Address.Port;

    private NamerDocument Document(string name, string folder) =>
        new()
        {
            Name = name,
            Spec = new NamerSpec.Files(_folder.At(folder)),
            Prefix = Naming.Path.Parse($"/#/{name}"),
            HoldMassRemoval = TimeSpan.Zero,
            WhenEmpty = WhenEmpty.Empty,
        };
}
