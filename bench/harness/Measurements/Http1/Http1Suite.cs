using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>Small requests over keep-alive connections, and what a proxy costs before it has any.</summary>
internal sealed class Http1Suite : Suite
{
    public override string Title => "HTTP/1.1";

    public override IReadOnlyList<string> Parts => ["cpu", "latency", "memory", "startup", "idle"];

    public override IReadOnlyList<ProxyKind> Kinds(Options options) =>
        [
            new WeftProxy(options.Weft, Protocol.Http1),
            new NginxProxy(),
            new HaproxyProxy(Protocol.Http1),
            new CaddyProxy(),
            new RelayProxy(options.Relay, Protocol.Http1),
        ];

    public override IEnumerable<string> Describe(Results results, Options options)
    {
        yield return $"{options.Connections} keep-alive connections, responses of some 240 bytes; CPU in {CpuMeasurement.Turns(options)} alternating turns of a second.";
        if (results.LatencyRate is { } rate)
        {
            yield return $"Latency at {rate:#,0} requests per second, half of what the slowest proxy can do, counted from when each "
                + $"request was due, in {options.Rounds * options.Seconds} alternating turns of a second; 'direct' is the upstream without a proxy.";
        }
    }

    public override IReadOnlyList<Target> Targets(Results results) =>
        [
            Target.Ratio(results, "CPU per request, to nginx", Metric.CpuPerRequest, 1.00, "nginx"),
            Target.Ratio(results, "CPU per request, to the raw relay", Metric.CpuPerRequest, 1.25, "relay"),
            Target.Bound(results, "allocated per request", Metric.AllocatedPerRequest, 64, "bytes"),
            Target.Bound(results, "resident while serving", Metric.ResidentServing, 45, "MB"),
            Target.Bound(results, "resident per idle connection", Metric.ResidentPerIdle, 4, "KiB"),
            Target.Ratio(results, "latency p99 at the fixed rate, to nginx", Metric.P99, 1.00, "nginx"),
            Target.Bound(results, "ready after exec", Metric.StartUp, 250, "ms"),
        ];

    public override async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        using var upstream = await Upstream.Start(run.Cancellation);
        var options = run.Options;
        if (options.Includes("cpu") || options.Includes("latency") || options.Includes("memory"))
        {
            using var fleet = await Fleet.Start(run, kinds, upstream.Address, Warm);
            // What cannot start now is not tried again.
            kinds = [.. fleet.Proxies.Select(p => p.Kind)];
            if (options.Includes("cpu"))
                await CpuMeasurement.Measure(run, fleet, upstream);
            if (options.Includes("latency"))
                await LatencyMeasurement.Measure(run, fleet, upstream.Address);
            if (options.Includes("memory"))
                await MemoryMeasurement.Measure(run, fleet, upstream);
        }
        if (options.Includes("startup"))
            await StartUpMeasurement.Measure(run, kinds, upstream.Address);
        if (options.Includes("idle"))
            await IdleMeasurement.Measure(run, kinds, upstream.Address);

        Task Warm(RunningProxy proxy) =>
            Wrk.Run(proxy.Placement.Listen, options.Connections, options.WarmUp, run.Cancellation);
    }
}
