using System.Globalization;
using Weft.Bench.Overload;

// Offers a service three times what it can do, with and without limits in the proxy before it, and draws what came of it:
//   bench/overload/run      writes docs/plots/overload-*.svg and prints the table of docs/resilience.md
if (args is not [var weft, var folder])
{
    await Console.Error.WriteLineAsync("usage: overload WEFT FOLDER");
    return 2;
}

const double Bucket = 0.25;
var length = TimeSpan.FromSeconds(6);
(string Name, string Colour, string Document)[] kinds =
[
    ("no limit", "#c0392b", OverloadRun.WithoutLimits),
    ("bounded queue", "#2471a3", OverloadRun.WithQueue),
    ("adaptive limit", "#1e8449", OverloadRun.WithAdaptiveLimit),
];
List<Curve> goodput = [];
List<Curve> latency = [];
Console.WriteLine(
    "| limits | capacity, 1/s | offered, 1/s | good answers, 1/s | of capacity | p50 of served, ms | p99 of served, ms |"
);
Console.WriteLine("|---|---|---|---|---|---|---|");
foreach (var kind in kinds)
{
    await using var service = await OverloadRun.StartServiceAsync();
    using var proxy = await ProxyUnderLoad.StartAsync(weft, service.Address, kind.Document);
    var run = await OverloadRun.RunAsync(service, proxy.Address, length);
    var buckets = run
        .Answers.GroupBy(a => (int)(a.Due.TotalSeconds / Bucket))
        .OrderBy(g => g.Key)
        .Select(g =>
            (
                At: (g.Key + 0.5) * Bucket,
                Good: g.Where(a => a.IsGood).Select(a => a.Latency.TotalMilliseconds).Order().ToArray()
            )
        )
        .ToArray();
    goodput.Add(
        new Curve(kind.Name, kind.Colour, [.. buckets.Select(b => (b.At, 100 * b.Good.Length / Bucket / run.Capacity))])
    );
    latency.Add(
        new Curve(
            kind.Name,
            kind.Colour,
            [
                .. buckets.Select(b =>
                    (b.At, b.Good.Length == 0 ? double.NaN : b.Good[(int)(0.99 * (b.Good.Length - 1))])
                ),
            ]
        )
    );
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {kind.Name} | {run.Capacity:0} | {run.Answers.Count / length.TotalSeconds:0} | {run.Answers.Count(a => a.IsGood) / run.Length.TotalSeconds:0} | "
                + $"{run.Goodput:0 %} | {run.LatencyOfServed(0.5).TotalMilliseconds:0} | {run.LatencyOfServed(0.99).TotalMilliseconds:0} |"
        )
    );
}

Directory.CreateDirectory(folder);
await File.WriteAllTextAsync(
    Path.Combine(folder, "overload-goodput.svg"),
    new Plot(
        "Good answers at three times the capacity",
        "% of capacity, by when the request was made",
        length.TotalSeconds,
        150
    ).Draw([.. goodput])
);
await File.WriteAllTextAsync(
    Path.Combine(folder, "overload-latency.svg"),
    new Plot(
        "Latency of what was served, 99th percentile",
        "ms",
        length.TotalSeconds,
        OverloadRun.Patience.TotalMilliseconds
    ).Draw([.. latency])
);
return 0;
