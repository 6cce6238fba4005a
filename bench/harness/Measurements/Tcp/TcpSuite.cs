using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Tcp;

/// <summary>Bytes that nobody looks at: large transfers, small messages, and connections that carry one message.</summary>
internal sealed class TcpSuite : Suite
{
    /// <summary>Connections of the large transfers.</summary>
    private const int Transfers = 4;
    private const long Mebibyte = 1 << 20;
    private const double Gibibyte = 1 << 30;

    /// <summary>One connection is made for so many messages on kept ones, because it costs about that much more.</summary>
    private const int MessagesToConnections = 20;

    private static readonly ByteExchange SmallMessage = new(64, 64);

    public override string Title => "TCP";

    public override IReadOnlyList<string> Parts => ["tcp"];

    public override IReadOnlyList<ProxyKind> Kinds(Options options) =>
        [
            new WeftProxy(options.Weft, Protocol.Tcp),
            new HaproxyProxy(Protocol.Tcp),
            new RelayProxy(options.Relay, Protocol.Tcp),
        ];

    public override IEnumerable<string> Describe(Results results, Options options)
    {
        yield return $"Large transfers: {options.Mebibytes:#,0} MiB down over {Transfers} connections at once. Messages: 64 bytes up, then 64 bytes down, "
            + $"{options.Requests:#,0} times over {options.Connections} connections that are kept. Connections: the same, each for one message, "
            + $"{Connections(options):#,0} of them, {options.Connections} at once. Generator and upstream are the harness's own.";
    }

    public override IReadOnlyList<Target> Targets(Results results) =>
        [Target.Ratio(results, "TCP: CPU per GiB, to HAProxy in TCP mode", Metric.CpuPerGibibyte, 1.00, "haproxy")];

    public override async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        var options = run.Options;
        using var upstream = PolledServer.Start(s => new BytePeer(s));
        var transfer = new ByteExchange(ByteExchange.HeaderSize, options.Mebibytes * Mebibyte / Transfers);
        using var fleet = await Fleet.Start(run, kinds, upstream.Address, Warm);
        await run.Rounds("large transfers", "transfers", fleet.Proxies, p => p.Kind.Name, MeasureTransfers);
        await run.Rounds(
            "small messages",
            "messages",
            fleet.Proxies,
            p => p.Kind.Name,
            p => Messages(p, options.Requests, reconnects: false, Metric.CpuPerMessage, Metric.Messages)
        );
        await run.Rounds(
            "connections of one message",
            "connections",
            fleet.Proxies,
            p => p.Kind.Name,
            p => Messages(p, Connections(options), reconnects: true, Metric.CpuPerConnection, Metric.Connections)
        );

        async Task Warm(RunningProxy proxy)
        {
            var address = proxy.Placement.Listen;
            await ByteLoad.Run(address, transfer, Transfers, Transfers, reconnects: false, run.Cancellation);
            await ByteLoad.Run(
                address,
                SmallMessage,
                options.Connections,
                options.Requests,
                reconnects: false,
                run.Cancellation
            );
        }

        async Task MeasureTransfers(RunningProxy proxy)
        {
            var used = proxy.CpuTime;
            var took = await ByteLoad.Run(
                proxy.Placement.Listen,
                transfer,
                Transfers,
                Transfers,
                reconnects: false,
                run.Cancellation
            );
            var amount = transfer.Down * Transfers / Gibibyte;
            run.Results.Add(proxy.Kind.Name, Metric.CpuPerGibibyte, (proxy.CpuTime - used).TotalMilliseconds / amount);
            run.Results.Add(proxy.Kind.Name, Metric.Throughput, amount / took.TotalSeconds);
        }

        async Task Messages(RunningProxy proxy, int count, bool reconnects, Metric cost, Metric rate)
        {
            var used = proxy.CpuTime;
            var took = await ByteLoad.Run(
                proxy.Placement.Listen,
                SmallMessage,
                options.Connections,
                count,
                reconnects,
                run.Cancellation
            );
            run.Results.Add(proxy.Kind.Name, cost, (proxy.CpuTime - used).TotalMicroseconds / count);
            run.Results.Add(proxy.Kind.Name, rate, count / took.TotalSeconds);
        }
    }

    private static int Connections(Options options) => options.Requests / MessagesToConnections;
}
