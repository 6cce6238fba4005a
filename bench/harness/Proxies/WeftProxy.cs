using System.Globalization;
using System.Net;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

/// <summary>Weft as it comes: file namer, dtab, balancing, metrics and all else that is on by default.</summary>
internal sealed class WeftProxy(string program) : ProxyKind
{
    /// <summary>Bytes that the runtime has allocated since the start, as weft reports them.</summary>
    public const string AllocatedBytesMetric = "dotnet_gc_allocated_bytes_total";

    public override string Name => "weft";

    public override string? Missing => File.Exists(program) ? null : $"no program at '{program}'";

    public override Command VersionCommand => new(program, ["version"]);

    public override string Settings =>
        "workers: 1, all defaults on (file namer, dtab, balancer, metrics, via, x-forwarded-*)";

    public override (IPEndPoint Address, string Path) Readiness(Placement placement) => (placement.Admin, "/ready");

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
                protocol: http1
                identifier: host
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
}
