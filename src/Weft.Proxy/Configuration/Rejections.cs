using Weft.Naming;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>The latest changes that were refused: counted, logged and kept for people who ask. Used by one task.</summary>
internal sealed class Rejections(TimeProvider time, Log log, ProxyMetrics metrics)
{
    private const int Kept = 16;

    private readonly List<ConfigRejection> _latest = [];

    /// <summary>The latest first.</summary>
    public IReadOnlyList<ConfigRejection> Latest => [.. _latest];

    /// <summary>Notes a refusal; none when there are no problems.</summary>
    public void Add(IReadOnlyList<Problem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        metrics.Registry.Add(metrics.ConfigRejectedSlot);
        _latest.Insert(0, new ConfigRejection(time.GetUtcNow(), problems));
        if (_latest.Count > Kept)
        {
            _latest.RemoveAt(Kept);
        }

        foreach (var problem in problems)
        {
            log.Error("configuration refused, the last good one stays", ("problem", problem.ToString()));
        }
    }
}
