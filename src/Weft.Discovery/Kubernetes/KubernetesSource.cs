using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Follows the Services and the EndpointSlices of one namespace, each over a watch of its own.</summary>
internal sealed class KubernetesSource(
    BackendClient client,
    KubernetesNamerOptions options,
    TimeProvider time,
    Random random
) : IWatchSource<ImmutableDictionary<string, KubernetesService>>
{
    public async Task WatchAsync(
        string key,
        IWatchReport<ImmutableDictionary<string, KubernetesService>> report,
        CancellationToken stop
    )
    {
        double chance;
        lock (random)
        {
            chance = random.NextDouble();
        }
        using var resync = new CancellationTokenSource(options.Watching.Resync * (0.8 + (0.4 * chance)), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, resync.Token);
        var known = new KubernetesNamespace(report);
        var services = new KubernetesCollection(client, options, time, random).FollowAsync(
            $"api/v1/namespaces/{key}/services",
            known.ReplaceServices,
            known.ChangeService,
            known.Confirm,
            end.Token
        );
        var slices = new KubernetesCollection(client, options, time, random).FollowAsync(
            $"apis/discovery.k8s.io/v1/namespaces/{key}/endpointslices",
            known.ReplaceSlices,
            known.ChangeSlice,
            known.Confirm,
            end.Token
        );
        var first = await Task.WhenAny(services, slices);
        Cancel(end);
        // The other one ends because it was told to; that it failed then is no news.
        _ = Task.WhenAll(services, slices)
            .ContinueWith(
                both => both.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        try
        {
            await first;
        }
        catch (OperationCanceledException) when (resync.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Time to compare everything: the caller begins anew.
        }
    }

    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
