using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Control;

/// <summary>One proxy's stream, as a source of reports. Guarded by the lock of its namespace.</summary>
internal sealed class ReportingProxy(string id, double openedAt)
{
    public string Id => id;

    public ReportReader Reader { get; private set; } = new();

    /// <summary>Whose traffic it reports; set with the first report.</summary>
    public CallerTraffic? Caller { get; set; }

    /// <summary>The role that <see cref="Caller"/> was made for.</summary>
    public ProxyRole? Role { get; set; }

    /// <summary>When the latest report came, in seconds of the board's clock; null before the first.</summary>
    public double? ReportedAt { get; set; }

    /// <summary>When the stream ended; null while it is open.</summary>
    public double? LeftAt { get; private set; }

    /// <summary>When the stream began.</summary>
    public double OpenedAt => openedAt;

    /// <summary>Why its reports are not taken any more; null while they are.</summary>
    public string? Refused { get; set; }

    /// <summary>The stream has ended, and its numbers are of no use any more.</summary>
    public void Leave(double now) => (LeftAt, Reader) = (now, new ReportReader());
}
