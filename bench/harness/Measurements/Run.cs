using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>What every measurement needs.</summary>
internal sealed record Run(Options Options, Upstream Upstream, Results Results, CancellationToken Cancellation)
{
    /// <summary>Says on standard error what is being done.</summary>
    public static void Progress(string what) => Console.Error.WriteLine($"bench: {what}");

    /// <summary>Measures one proxy; when that is impossible, the reason is recorded and the others go on.</summary>
    public async Task<bool> Try(string proxy, string part, Func<Task> measure)
    {
        try
        {
            await measure();
            return true;
        }
        catch (Exception e)
            when (e is MeasurementException or InvalidDataException or System.Net.Sockets.SocketException)
        {
            Results.AddGap(proxy, part, e.Message);
            Progress($"{proxy}, {part}: {e.Message}");
            return false;
        }
    }

    /// <summary>The order of a round: each proxy goes first once, so that none profits from its place.</summary>
    public static IEnumerable<T> Rotated<T>(IReadOnlyList<T> items, int round) =>
        items.Select((_, i) => items[(i + round) % items.Count]);
}
