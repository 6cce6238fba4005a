namespace Weft.Telemetry;

/// <summary>The metrics that every process has, under the names that Prometheus' client libraries gave them.</summary>
public static class ProcessMetrics
{
    /// <summary>Declares them; they are read when scraped.</summary>
    /// <param name="registry">Where they are declared.</param>
    /// <param name="time">The clock; now is taken for the process's start, so that this is called early.</param>
    public static void Register(MetricRegistry registry, TimeProvider? time = null)
    {
        // System.Diagnostics.Process knows the start to the millisecond, and brings half a megabyte along.
        var started = ((time ?? TimeProvider.System).GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

        registry.Observe(
            MetricKind.Counter,
            "process_cpu_seconds_total",
            "User and system CPU time spent, in seconds.",
            [],
            o => o.Add(Environment.CpuUsage.TotalTime.TotalSeconds)
        );
        registry.Observe("process_resident_memory_bytes", "Resident memory, in bytes.", () => Environment.WorkingSet);
        registry.Observe(
            "process_start_time_seconds",
            "When the process started, in seconds since 1970.",
            () => started
        );
        if (OpenFileLimit.Read() is not null)
        {
            registry.Observe(
                "process_max_fds",
                "Files and connections together that the process may have open.",
                () => OpenFileLimit.Read() ?? double.NaN
            );
        }

        registry.Observe("dotnet_gc_heap_bytes", "Bytes in use on the managed heap.", () => GC.GetTotalMemory(false));
        registry.Observe(
            MetricKind.Counter,
            "dotnet_gc_allocated_bytes_total",
            "Bytes allocated on the managed heap since the start.",
            [],
            o => o.Add(GC.GetTotalAllocatedBytes())
        );
        registry.Observe(
            MetricKind.Counter,
            "dotnet_jit_methods_total",
            "Methods compiled while the process ran: those not compiled ahead, and hot ones again.",
            [],
            o => o.Add(System.Runtime.JitInfo.GetCompiledMethodCount())
        );
        registry.Observe(
            MetricKind.Counter,
            "dotnet_gc_collections_total",
            "Garbage collections of exactly this generation.",
            [MetricLabel.Closed("generation")],
            ObserveCollections
        );
    }

    private static void ObserveCollections(Observations observations)
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            // The runtime counts a collection of an older generation as one of each younger generation too.
            var older = generation == GC.MaxGeneration ? 0 : GC.CollectionCount(generation + 1);
            observations.Add(GC.CollectionCount(generation) - older, $"{generation}");
        }
    }
}
