namespace Weft.Discovery.Tests.ZooKeeper;

/// <summary>Tests of the namer of server sets: it asks a scripted ZooKeeper, by a clock that the test moves.</summary>
public abstract class ServerSetsNamerTestBase : IAsyncDisposable
{
    private protected const string Web = "/#/zk/prod/web";

    private protected ServerSetsNamerTestBase() =>
        Namer = ServerSetsNamer.Create(
            Naming.Path.Parse("/#/zk"),
            new ServerSetsOptions { Servers = [("zk", 2181)], Root = "/discovery" },
            Server.Connect,
            Time,
            new Random(1)
        );

    private protected VirtualTime Time { get; } = new();

    private protected ScriptedZooKeeper Server { get; } = new();

    private protected IDiscoveryNamer Namer { get; }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Namer.DisposeAsync();
    }

    /// <summary>The endpoints of a name that nobody has asked for before.</summary>
    private protected string Ask(string path)
    {
        for (var i = 0; i < 8 && Namer.Name(path) == "pending"; i++)
        {
            Time.Advance(0);
        }
        return Namer.Ends(path);
    }

    /// <summary>Lets the namer hear of what has changed.</summary>
    private protected void Settle() => Time.Advance(100);
}
