using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>What every measurement needs.</summary>
internal sealed record Run(Options Options, Results Results, CancellationToken Cancellation)
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

    /// <summary>Measures all in turns, each round beginning with another one; what fails is recorded, the others go on.</summary>
    /// <param name="title">What is measured, for whoever watches.</param>
    public async Task Rounds<T>(
        string title,
        string part,
        IReadOnlyList<T> items,
        Func<T, string> name,
        Func<T, Task> measure
    )
    {
        for (var round = 0; round < Options.Rounds; round++)
        {
            Progress($"{title}, round {round + 1} of {Options.Rounds}");
            foreach (var item in Rotated(items, round))
                await Try(name(item), part, () => measure(item));
        }
    }

    /// <summary>The order of a round: each goes first once, so that none profits from its place.</summary>
    public static IEnumerable<T> Rotated<T>(IReadOnlyList<T> items, int round) =>
        items.Select((_, i) => items[(i + round) % items.Count]);
}
