using Weft.Api.Mesh;

namespace Weft.Bench.ControlPlane.Load;

/// <summary>All simulated proxies.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly SimulatedProxy[] _proxies;

    private Fleet(SimulatedProxy[] proxies) => _proxies = proxies;

    public int Count => _proxies.Length;

    /// <summary>Bytes of messages that came, at all proxies together.</summary>
    public long Messages => _proxies.Sum(p => p.Wire.Messages);

    /// <summary>Bytes that came, HTTP/2's own included.</summary>
    public long Received => _proxies.Sum(p => p.Wire.Received);

    /// <summary>Different services that are watched by somebody.</summary>
    public int ServicesWatched => _proxies.SelectMany(p => p.Services).Distinct().Count();

    public static Fleet Of(Uri address, Options options) =>
        new([
            .. Enumerable
                .Range(0, options.Proxies)
                .Select(number => new SimulatedProxy(address, number, NameChoice.Of(number, options))),
        ]);

    /// <summary>Connects all at once.</summary>
    /// <returns>Reached when each has an answer to everything that it asks for.</returns>
    public Milestone Start()
    {
        var complete = new Milestone("got all that they asked for", Count);
        foreach (var proxy in _proxies)
        {
            proxy.Start(complete);
        }

        return complete;
    }

    /// <summary>For the moment when all have a document with a text in it.</summary>
    public Milestone AwaitDocument(string name, string text)
    {
        var milestone = new Milestone($"got the changed {name}", Count);
        foreach (var proxy in _proxies)
        {
            proxy.Await(
                milestone,
                r =>
                    r.Name.Type == ResourceType.Document
                    && r.Name.Name == name
                    && r.Document.Contains(text, StringComparison.Ordinal)
            );
        }

        return milestone;
    }

    /// <summary>For the moment when all who watch a service know that it has so many endpoints.</summary>
    public Milestone AwaitEndpoints(int service, int endpoints)
    {
        var subscribers = _proxies.Where(p => p.Services.Contains(service)).ToArray();
        var name = Services.ConcreteName(service);
        var milestone = new Milestone($"got the endpoints of {name}", subscribers.Length);
        foreach (var proxy in subscribers)
        {
            proxy.Await(
                milestone,
                r =>
                    r.Name.Type == ResourceType.Endpoints
                    && r.Name.Name == name
                    && r.Endpoints?.Known?.Endpoints_.Count == endpoints
            );
        }

        return milestone;
    }

    /// <summary>For the moment when all have connected anew and acknowledged the first answer.</summary>
    public Milestone AwaitReconnect()
    {
        var milestone = new Milestone("came back", Count);
        foreach (var proxy in _proxies)
        {
            proxy.AwaitAnswer(milestone);
        }

        return milestone;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_proxies.Select(p => p.DisposeAsync().AsTask()));
}
