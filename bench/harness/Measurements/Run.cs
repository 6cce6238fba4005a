using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>What every measurement needs.</summary>
internal sealed record Run(Options Options, Results Results, CancellationToken Cancellation)
{
    /// <summary>How long each is measured before the next has its turn (<see cref="Turns"/>).</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

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
    public Task Rounds<T>(
        string title,
        string part,
        IReadOnlyList<T> items,
        Func<T, string> name,
        Func<T, Task> measure
    ) => Alternate($"{title}, round", Options.Rounds, part, items, name, measure);

    /// <summary>
    /// The same for what is measured in time: as many turns (<see cref="Turn"/>) as the rounds have seconds. A machine that others share changes from one
    /// second to the next by more than proxies differ, so that a few long turns compare the moments that they fell on.
    /// </summary>
    /// <param name="seconds">Of one round.</param>
    public Task Turns<T>(
        string title,
        string part,
        int seconds,
        IReadOnlyList<T> items,
        Func<T, string> name,
        Func<T, Task> measure
    ) => Alternate($"{title}, turn", Options.Rounds * seconds, part, items, name, measure);

    private async Task Alternate<T>(
        string title,
        int count,
        string part,
        IReadOnlyList<T> items,
        Func<T, string> name,
        Func<T, Task> measure
    )
    {
        for (var turn = 0; turn < count; turn++)
        {
            Progress($"{title} {turn + 1} of {count}");
            foreach (var item in Rotated(items, turn))
                await Try(name(item), part, () => measure(item));
        }
    }

    /// <summary>The order of a round: each goes first once, so that none profits from its place.</summary>
    public static IEnumerable<T> Rotated<T>(IReadOnlyList<T> items, int round) =>
        items.Select((_, i) => items[(i + round) % items.Count]);
}
