using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Measurements.Http2;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Grpc;

/// <summary>Calls with one message each way, and long streams of messages both ways.</summary>
internal sealed class GrpcSuite : Suite
{
    public override string Title => "gRPC";

    public override IReadOnlyList<string> Parts => ["grpc"];

    public override IReadOnlyList<ProxyKind> Kinds(Options options) =>
        [new WeftProxy(options.Weft, Protocol.Http2), new NghttpxProxy(), new HaproxyProxy(Protocol.Http2)];

    public override IEnumerable<string> Describe(Results results, Options options)
    {
        yield return $"Unary: {options.Requests:#,0} calls from h2load, {H2Load.Connections} connections with {H2Load.Streams} streams each, a message of "
            + $"{Http2Call.Message.Length} bytes in a POST of application/grpc, one back from nghttpd with trailers. Streamed: {StreamLoad.Connections} connections "
            + $"with {StreamLoad.Streams} bidirectional streams each, on every one of which a message of {Http2Call.Message.Length} bytes is echoed in a DATA frame of "
            + $"its own before the next is sent, {options.Requests:#,0} in all; generator and upstream are the harness's own.";
    }

    public override IReadOnlyList<Target> Targets(Results results) => [];

    public override async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        await MeasureUnary(run, kinds);
        await MeasureStreams(run, kinds);
    }

    private static async Task MeasureUnary(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        using var upstream = await NghttpdUpstream.Start(isGrpc: true, run.Cancellation);
        var call = Http2Call.Unary();
        using var fleet = await Fleet.Start(
            run,
            kinds,
            upstream.Address,
            proxy => H2Load.RunFor(proxy.Placement.Listen, call, run.Options.WarmUp, run.Cancellation)
        );
        await MultiplexedCpu.Measure(run, fleet, call, Metric.CpuPerCall, Metric.Calls);
    }

    private static async Task MeasureStreams(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        using var upstream = PolledServer.Start(s => new StreamPeer(s));
        using var fleet = await Fleet.Start(run, kinds, upstream.Address, proxy => Exchange(run, proxy));
        await run.Rounds(
            "streamed messages",
            "streams",
            fleet.Proxies,
            p => p.Kind.Name,
            async proxy =>
            {
                var used = proxy.CpuTime;
                var took = await Exchange(run, proxy);
                run.Results.Add(
                    proxy.Kind.Name,
                    Metric.CpuPerStreamed,
                    (proxy.CpuTime - used).TotalMicroseconds / run.Options.Requests
                );
                run.Results.Add(proxy.Kind.Name, Metric.Streamed, run.Options.Requests / took.TotalSeconds);
            }
        );
    }

    private static Task<TimeSpan> Exchange(Run run, RunningProxy proxy) =>
        StreamLoad.Run(proxy.Placement.Listen, run.Options.Requests, run.Cancellation);
}
