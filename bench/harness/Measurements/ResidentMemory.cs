using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>Resident memory of a proxy while it serves: looked at twice a second, because a runtime that compiles a method holds some MB more for a few seconds.</summary>
internal static class ResidentMemory
{
    private const double Megabyte = 1_000_000;

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);

    public static async Task Sample(Run run, RunningProxy proxy, Task load)
    {
        do
        {
            await Task.WhenAny(load, Task.Delay(s_period, run.Cancellation));
            run.Results.Add(proxy.Kind.Name, Metric.ResidentServing, proxy.ResidentBytes / Megabyte);
        } while (!load.IsCompleted);

        await load;
    }
}
