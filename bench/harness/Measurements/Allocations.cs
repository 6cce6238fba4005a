using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Measurements;

/// <summary>What weft has allocated, as it says itself.</summary>
internal static class Allocations
{
    /// <summary>Bytes of the managed heap since the start.</summary>
    public static async Task<double> Of(RunningProxy weft, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        string page;
        try
        {
            page = await client.GetStringAsync(new Uri($"http://{weft.Placement.Admin}/metrics"), cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new MeasurementException($"/metrics: {e.Message}");
        }
        return WeftProxy.AllocatedBytes(page)
            ?? throw new MeasurementException($"/metrics has no {WeftProxy.AllocatedBytesMetric}");
    }
}
