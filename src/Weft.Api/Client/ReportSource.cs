using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>Says what moved since the last report. Called by one thread at a time, and throws nothing.</summary>
/// <param name="isFirst">Whether it is the first report of a connection, whose peer knows nothing yet.</param>
/// <remarks>No interface: see <see cref="ResourceSink"/>.</remarks>
public delegate TrafficReport ReportSource(bool isFirst);

/// <summary>
/// The reports of one connection: none before the peer has answered, for what is said to one that takes nothing is lost, and none once the next
/// connection has begun.
/// </summary>
internal sealed class ConnectionReports(ReportSource? source)
{
    private readonly Lock _gate = new();
    private bool _isFirst = true;
    private bool _hasEnded;

    /// <summary>The next report; null when there is none any more.</summary>
    public ProxyMessage? Take()
    {
        lock (_gate)
        {
            if (source is null || _hasEnded)
            {
                return null;
            }

            var report = source(_isFirst);
            _isFirst = false;
            return new ProxyMessage { Report = report };
        }
    }

    /// <summary>Waits for a report that is being made.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
        }
    }
}
