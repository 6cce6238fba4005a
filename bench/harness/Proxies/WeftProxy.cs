using System.Globalization;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

/// <summary>Weft as it comes: file namer, dtab, balancing, metrics and all else that is on by default.</summary>
internal sealed class WeftProxy(string program, Protocol protocol) : ProxyKind(protocol)
{
    /// <summary>Bytes that the runtime has allocated since the start, as weft reports them.</summary>
    public const string AllocatedBytesMetric = "dotnet_gc_allocated_bytes_total";

    /// <summary>By which its figures are found.</summary>
    public const string ProxyName = "weft";

    public override string Name => ProxyName;

    public override string? Missing => File.Exists(program) ? null : $"no program at '{program}'";

    public override Command VersionCommand => new(program, ["version"]);

    public override string Settings =>
        Protocol switch
        {
            Protocol.Tcp =>
                "workers: 1, protocol: tcp with a fixed service, all defaults on (file namer, dtab, balancer, metrics)",
            Protocol.Http2 =>
                "workers: 1, protocol: http2 on both sides, all defaults on (file namer, dtab, balancer, metrics, via, x-forwarded-*)",
            _ => "workers: 1, all defaults on (file namer, dtab, balancer, metrics, via, x-forwarded-*)",
        };

    public override bool IsReady(Placement placement) => SmallRequest.Succeeds(placement.Admin, "/ready");

    public override Command Configure(Placement placement)
    {
        placement.Write($"disco/{SmallRequest.Host}", $"{placement.Upstream.Address} {placement.Upstream.Port}\n");
        placement.Write(
            "mesh/mesh.yaml",
            $$"""
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: {{placement.Folder}}/disco}
            ---
            kind: Dtab
            metadata: {name: default}
            spec: |
              /host => /#/file ;
              /svc  => /host ;

            """
        );
        if (Protocol == Protocol.Http2)
        {
            placement.Write(
                "mesh/service.yaml",
                $$"""
                kind: Service
                metadata: {name: {{SmallRequest.Host}}}
                spec: {protocol: http2}

                """
            );
        }
        var file = placement.Write(
            "proxy.yaml",
            $"""
            admin: {placement.Admin}
            workers: 1
            resources: {placement.Folder}/mesh
            listeners:
              - name: outbound
                kind: outbound
                address: {placement.Listen}
                {Listener()}
                dtab: default

            """
        );
        return new Command(program, ["proxy", "-c", file]);
    }

    /// <summary>Reads <see cref="AllocatedBytesMetric"/> from a page of metrics; null when it is not there.</summary>
    public static double? AllocatedBytes(string metrics) =>
        metrics
            .Split('\n')
            .Where(line => line.StartsWith(AllocatedBytesMetric + " ", StringComparison.Ordinal))
            .Select(line => (double?)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    // Indented as the lines around it.
    private string Listener() =>
        Protocol switch
        {
            Protocol.Tcp => $"protocol: tcp\n    service: {SmallRequest.Host}",
            Protocol.Http2 => "protocol: http2\n    identifier: host",
            _ => "protocol: http1\n    identifier: host",
        };
}
