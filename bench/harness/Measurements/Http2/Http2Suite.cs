using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http2;

/// <summary>Small requests, many at once on few connections, HTTP/2 on both sides.</summary>
internal sealed class Http2Suite : Suite
{
    public override string Title => "HTTP/2";

    public override IReadOnlyList<string> Parts => ["h2"];

    public override IReadOnlyList<ProxyKind> Kinds(Options options) =>
        [new WeftProxy(options.Weft, Protocol.Http2), new NghttpxProxy(), new HaproxyProxy(Protocol.Http2)];

    public override IEnumerable<string> Describe(Results results, Options options)
    {
        yield return $"{H2Load.Connections} connections with {H2Load.Streams} streams each, from h2load; nghttpd answers with 85 bytes; plaintext with prior "
            + $"knowledge on both sides; rounds of {options.Requests:#,0} requests.";
        if (results.LatencyRate is { } rate)
        {
            yield return $"Latency at {rate:#,0} requests per second, half of what the slowest proxy can do, counted by h2load from when it sent each "
                + $"request, in {options.Rounds * options.Seconds} alternating turns of a second; 'direct' is the upstream without a proxy.";
        }
    }

    public override IReadOnlyList<Target> Targets(Results results) =>
        [
            Target.Ratio(
                results,
                "HTTP/2: CPU per request, to the better of nghttpx and HAProxy",
                Metric.CpuPerRequest,
                1.00,
                "nghttpx",
                "haproxy"
            ),
            Target.Ratio(
                results,
                "HTTP/2: latency p99 at the fixed rate, to the better of nghttpx and HAProxy",
                Metric.P99,
                1.00,
                "nghttpx",
                "haproxy"
            ),
            Target.Bound(results, "HTTP/2: allocated per request", Metric.AllocatedPerRequest, 64, "bytes"),
        ];

    public override async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        using var upstream = await NghttpdUpstream.Start(isGrpc: false, run.Cancellation);
        var call = Http2Call.SmallGet;
        using var fleet = await Fleet.Start(
            run,
            kinds,
            upstream.Address,
            proxy => H2Load.RunFor(proxy.Placement.Listen, call, run.Options.WarmUp, run.Cancellation)
        );
        await MultiplexedCpu.Measure(run, fleet, call, Metric.CpuPerRequest, Metric.Saturation);
        await MultiplexedLatency.Measure(run, fleet, call, upstream.Address);
        await MultiplexedMemory.Measure(run, fleet, call);
    }
}
