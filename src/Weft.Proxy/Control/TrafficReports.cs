using Weft.Api.Mesh;
using Weft.Api.Traffic;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What a proxy tells its control plane of its traffic. Used by one thread at a time.</summary>
/// <param name="metrics">Where the loops count.</param>
/// <param name="config">The proxy's file as it is in force.</param>
/// <param name="time">Tells what time a report covers.</param>
/// <param name="log">Where a defect is told.</param>
internal sealed class TrafficReports(ProxyMetrics metrics, Func<ProxyConfig> config, TimeProvider time, Log log)
{
    private readonly TrafficMeter _meter = new(metrics);
    private readonly ReportWriter _writer = new();
    private long _latest = time.GetTimestamp();
    private bool _isBroken;

    /// <summary>The next report. Counts are of no more than interest: a defect is logged, and the stream goes on without them.</summary>
    public TrafficReport Next(bool isFirst)
    {
        try
        {
            if (isFirst)
            {
                _writer.Restart();
            }

            var now = time.GetTimestamp();
            var report = _writer.Write(_meter.Read(), RoleOf(config()), time.GetElapsedTime(_latest, now));
            _latest = now;
            return report;
        }
        catch (Exception error)
        {
            if (!_isBroken)
            {
                _isBroken = true;
                log.Error("the traffic cannot be reported", ("exception", error));
            }

            return new TrafficReport { Restarts = true, Role = RoleOf(config()) };
        }
    }

    /// <summary>The services that the proxy stands beside, and the Dtabs that it binds names by.</summary>
    public static ProxyRole RoleOf(ProxyConfig config)
    {
        var role = new ProxyRole();
        foreach (var listener in config.Listeners)
        {
            if (listener is { Kind: ListenerKind.Inbound, Service: { } service })
            {
                Add(role.Services, service);
            }
            else if (listener.Kind == ListenerKind.Outbound)
            {
                Add(role.Dtabs, listener.Dtab ?? ListenerConfig.DefaultDtab);
            }
        }

        return role;
    }

    private static void Add(Google.Protobuf.Collections.RepeatedField<string> names, string name)
    {
        if (name.Length <= ReportLimits.MaxName && names.Count < ReportLimits.MaxRoles && !names.Contains(name))
        {
            names.Add(name);
        }
    }
}
