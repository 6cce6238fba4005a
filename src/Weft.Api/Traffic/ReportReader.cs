using Google.Protobuf.Collections;
using Weft.Api.Mesh;

namespace Weft.Api.Traffic;

/// <summary>A report that breaks a rule, and which.</summary>
public sealed class ReportException(string message) : Exception(message);

/// <summary>Reads the reports of one stream. After a report that breaks a rule its numbers mean nothing any more: it reads no further.</summary>
public sealed class ReportReader
{
    private readonly List<SeriesKey> _series = [];
    private bool _hasBegun;

    /// <summary>What the proxy stands for; null until it has said so.</summary>
    public ProxyRole? Role { get; private set; }

    /// <summary>Reads a report and hands each series that moved over.</summary>
    /// <param name="report">As it came.</param>
    /// <param name="moved">Called once for each series that moved; the totals are this reader's, and are filled anew for the next one.</param>
    /// <exception cref="ReportException">It breaks a rule. Nothing was handed over.</exception>
    public void Read(TrafficReport report, Action<SeriesKey, SeriesTotals> moved)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(moved);
        Begin(report);
        foreach (var delta in report.Moved)
        {
            Check(delta);
        }

        var totals = new SeriesTotals();
        foreach (var delta in report.Moved)
        {
            Fill(totals, delta);
            moved(_series[(int)delta.Number], totals);
        }
    }

    private void Begin(TrafficReport report)
    {
        if (report.Restarts)
        {
            _series.Clear();
        }
        else if (!_hasBegun)
        {
            throw new ReportException("the first report of a stream must restart the numbers");
        }

        if (report.Role is { } role)
        {
            CheckNames("services", role.Services);
            CheckNames("Dtabs", role.Dtabs);
            Role = role;
        }
        else if (Role is null)
        {
            throw new ReportException("the first report of a stream must say what the proxy stands for");
        }

        _hasBegun = true;
        if (_series.Count + report.Named.Count > ReportLimits.MaxSeries)
        {
            throw new ReportException($"more than {ReportLimits.MaxSeries} series have a number");
        }

        foreach (var name in report.Named)
        {
            if (name.Kind is SeriesKind.Unspecified || !Enum.IsDefined(name.Kind))
            {
                throw new ReportException($"series of kind {(int)name.Kind} are unknown");
            }

            CheckName(name.Service);
            CheckName(name.Part);
            _series.Add(new SeriesKey(name.Kind, name.Service, name.Part));
        }
    }

    private void Check(SeriesDelta delta)
    {
        if (delta.Number >= (uint)_series.Count)
        {
            throw new ReportException($"series {delta.Number} was never named");
        }

        CheckCount(delta.Successes, ReportLimits.MaxCount);
        CheckCount(delta.Failures, ReportLimits.MaxCount);
        CheckCount(delta.Retries, ReportLimits.MaxCount);
        CheckCount(delta.SumNs, ReportLimits.MaxSum);
        if (delta.Durations.Count > 2 * ReportLimits.Buckets || delta.Durations.Count % 2 != 0)
        {
            throw new ReportException($"{delta.Durations.Count} numbers are no buckets with their counts");
        }

        var next = 0UL;
        for (var i = 0; i < delta.Durations.Count; i += 2)
        {
            var bucket = delta.Durations[i];
            if (bucket < next || bucket >= ReportLimits.Buckets)
            {
                throw new ReportException($"bucket {bucket} does not exist, or comes too late");
            }

            next = bucket + 1;
            CheckCount(delta.Durations[i + 1], ReportLimits.MaxCount);
        }
    }

    private static void Fill(SeriesTotals totals, SeriesDelta delta)
    {
        totals.Successes = (long)delta.Successes;
        totals.Failures = (long)delta.Failures;
        totals.Retries = (long)delta.Retries;
        totals.SumNanoseconds = (long)delta.SumNs;
        totals.Durations.Clear();
        for (var i = 0; i < delta.Durations.Count; i += 2)
        {
            totals.Durations[(int)delta.Durations[i]] = (long)delta.Durations[i + 1];
        }
    }

    private static void CheckNames(string what, RepeatedField<string> names)
    {
        if (names.Count > ReportLimits.MaxRoles)
        {
            throw new ReportException(
                $"{names.Count} {what} are more than the {ReportLimits.MaxRoles} that one proxy may have"
            );
        }

        foreach (var name in names)
        {
            CheckName(name);
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length > ReportLimits.MaxName)
        {
            throw new ReportException($"a name of {name.Length} characters is longer than {ReportLimits.MaxName}");
        }

        // It is shown on terminals.
        if (name.Any(char.IsControl))
        {
            throw new ReportException("a name holds control characters");
        }
    }

    private static void CheckCount(ulong count, long max)
    {
        if (count > (ulong)max)
        {
            throw new ReportException($"a count of {count} is more than the {max} that are believed");
        }
    }
}
