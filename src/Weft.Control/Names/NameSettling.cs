using Weft.Naming;

namespace Weft.Control;

/// <summary>Waits for namers that are asked for the first time.</summary>
internal static class NameSettling
{
    /// <summary>How long to wait for a namer that has not answered yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Until a name and its endpoints are known, or patience is over.</summary>
    public static async Task SettleAsync(
        NameSources sources,
        Dtab dtab,
        Naming.Path path,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var start = time.GetTimestamp();
        while (IsPending() && time.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Interval, time, stop);
        }

        bool IsPending() =>
            Binder.Bind(dtab, path, sources.Namer) switch
            {
                NameState.Pending => true,
                NameState.Ok ok => ok.Tree.Evaluate()
                    ?.Any(n => sources.Endpoints.Endpoints(n.Id) is EndpointSet.Pending)
                    ?? false,
                _ => false,
            };
    }
}
