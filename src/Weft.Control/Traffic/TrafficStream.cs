using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>The reports of one proxy's stream, until it is disposed of.</summary>
internal sealed class TrafficStream(NamespaceTraffic traffic, ReportingProxy proxy, Func<double> now) : IDisposable
{
    /// <inheritdoc cref="NamespaceTraffic.Take"/>
    public string? Take(TrafficReport report) => traffic.Take(proxy, report, now());

    public void Dispose() => traffic.Leave(proxy, now());
}
