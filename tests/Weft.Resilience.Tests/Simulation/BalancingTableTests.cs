using System.Globalization;
using System.Text;

namespace Weft.Resilience.Tests.Simulation;

/// <summary>
/// The claims of docs/balancing.md. Run with WEFT_WRITE_DOCS=1 they also write its table anew; the last digits may
/// depend on the platform's exponential and logarithm, so the file is not compared, but the claims are held everywhere.
/// </summary>
public sealed class BalancingTableTests
{
    private const string Begin = "<!-- simulation: begin -->";
    private const string End = "<!-- simulation: end -->";
    private static readonly SimulatedEndpoint[] Healthy = [.. Enumerable.Repeat(new SimulatedEndpoint(5), 9)];

    private static readonly Dictionary<BalancerKind, Row> Rows = Enum.GetValues<BalancerKind>()
        .ToDictionary(kind => kind, Simulate);

    private sealed record Row(
        SimulationResult Slow,
        SimulationResult Failing,
        SimulationResult Busy,
        SimulationResult Weighted
    );

    [Fact]
    public void Peak_ewma_hides_a_slow_endpoint_from_the_99th_percentile()
    {
        Assert.True(Rows[BalancerKind.Ewma].Slow.Shares[0] < 0.01);
        Assert.True(Rows[BalancerKind.Ewma].Slow.P99 < Rows[BalancerKind.LeastRequest].Slow.P99 / 2);
    }

    [Fact]
    public void Least_request_gives_a_slow_endpoint_less_than_its_share_without_knowing_latency()
    {
        Assert.True(Rows[BalancerKind.LeastRequest].Slow.Shares[0] < 0.06);
        Assert.True(Rows[BalancerKind.LeastRequest].Slow.P99 < Rows[BalancerKind.RoundRobin].Slow.P99 * 0.8);
    }

    [Theory]
    [InlineData(BalancerKind.RoundRobin)]
    [InlineData(BalancerKind.Random)]
    [InlineData(BalancerKind.RingHash)]
    public void Balancers_that_ignore_load_give_a_bad_endpoint_its_full_share(BalancerKind kind)
    {
        Assert.Equal(0.1, Rows[kind].Slow.Shares[0], 0.01);
        Assert.Equal(0.1, Rows[kind].Failing.Failures, 0.01);
    }

    [Theory]
    [InlineData(BalancerKind.Ewma)]
    [InlineData(BalancerKind.LeastRequest)]
    public void Balancers_that_see_load_all_but_avoid_an_endpoint_that_fails_fast(BalancerKind kind) =>
        Assert.True(Rows[kind].Failing.Failures < 0.001);

    [Theory]
    [InlineData(BalancerKind.Ewma, 0.06)]
    [InlineData(BalancerKind.LeastRequest, 0.02)]
    [InlineData(BalancerKind.RoundRobin, 0.001)]
    [InlineData(BalancerKind.Random, 0.02)]
    [InlineData(BalancerKind.RingHash, 0.02)]
    public void Weights_are_respected_when_latency_is_noisy(BalancerKind kind, double tolerance)
    {
        double[] expected = [0.1, 0.2, 0.3, 0.4];
        Assert.All(expected, (share, i) => Assert.Equal(share, Rows[kind].Weighted.Shares[i], tolerance));
    }

    [Fact]
    public void When_all_are_alike_and_busy_looking_at_load_beats_chance()
    {
        Assert.True(Rows[BalancerKind.Ewma].Busy.P99 < Rows[BalancerKind.Random].Busy.P99);
        Assert.True(Rows[BalancerKind.LeastRequest].Busy.P99 < Rows[BalancerKind.Random].Busy.P99);
    }

    [Fact]
    public void The_table_in_the_documentation_has_a_row_for_every_balancer()
    {
        var file = Path.Combine(RepositoryRoot(), "docs", "balancing.md");
        var text = File.ReadAllText(file);
        if (Environment.GetEnvironmentVariable("WEFT_WRITE_DOCS") == "1")
        {
            var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
            text = text[..start] + "\n" + Table() + text[text.IndexOf(End, StringComparison.Ordinal)..];
            File.WriteAllText(file, text);
        }

        Assert.All(Rows.Keys, kind => Assert.Contains($"| {NameOf(kind)} |", text, StringComparison.Ordinal));
    }

    private static Row Simulate(BalancerKind kind) =>
        new(
            new ServiceSimulation(kind, [new(50), .. Healthy], 600).Run(40_000),
            new ServiceSimulation(kind, [new(0.1, Fails: true), .. Healthy], 600).Run(40_000),
            new ServiceSimulation(kind, [new(5), .. Healthy], 6000).Run(40_000),
            new ServiceSimulation(
                kind,
                [.. Enumerable.Range(1, 4).Select(w => new SimulatedEndpoint(5, Workers: 4 * w, Weight: w))],
                4000
            ).Run(40_000)
        );

    private static string Table()
    {
        var table = new StringBuilder()
            .AppendLine(
                "| balancer | slow: p50 | p99 | p99.9 | its share | fails fast: calls failed | busy: p99 | weights 1 2 3 4 |"
            )
            .AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var (kind, row) in Rows)
        {
            var weights = string.Join(' ', row.Weighted.Shares.Select(share => $"{share * 10:F2}"));
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {NameOf(kind)} | {row.Slow.P50:F1} ms | {row.Slow.P99:F1} ms | {row.Slow.P999:F1} ms | {row.Slow.Shares[0] * 100:F1} % | {row.Failing.Failures * 100:F2} % | {row.Busy.P99:F1} ms | {weights} |"
            );
        }

        return table.ToString();
    }

    private static string NameOf(BalancerKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Weft.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("Weft.slnx is in no folder above the tests");
    }
}
