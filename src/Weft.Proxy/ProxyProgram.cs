using Weft.Naming;
using Weft.Net;
using Weft.Resources;
using Weft.Telemetry;
using TelemetryFormat = Weft.Telemetry.LogFormat;

namespace Weft.Proxy;

/// <summary>The life of a proxy process: read, open, serve, drain, end.</summary>
public static class ProxyProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Invalid = 2;

    /// <summary>
    /// Runs a proxy until it is told to stop (SIGTERM, SIGINT, <c>POST /shutdown</c>, or <paramref name="stop"/>), then drains it.
    /// </summary>
    /// <param name="configFile">The proxy's file.</param>
    /// <param name="errors">Where problems and the log go.</param>
    /// <param name="stop">Stops the proxy as SIGTERM does.</param>
    /// <returns>0 after a graceful stop; 1 when it could not start or drain; 2 when the file or the documents are invalid.</returns>
    public static async Task<int> RunAsync(string configFile, TextWriter errors, CancellationToken stop)
    {
        // First of all: a signal that comes before the proxy is ready counts, too.
        using var stops = new StopRequests(stop);
        NativeHeap.Restrain();
        var (config, problems) = Read(configFile);
        if (config is null)
        {
            return Report(problems, errors);
        }

        var time = TimeProvider.System;
        // The edge of the program: from here on all chance comes out of this seed. A new Guid is random by the system's own source, without
        // the cryptography library, which would cost more memory than all connections together.
        var random = new Random(Guid.NewGuid().GetHashCode());
        using var log = new Log(errors, time, OptionsOf(config.Log));
        var metrics = new ProxyMetrics(new MetricRegistry(time));
        ProcessMetrics.Register(metrics.Registry);
        (var keeper, problems) = await WorldKeeper.OpenAsync(configFile, config, time, random, log, metrics);
        if (keeper is null)
        {
            return Report(problems, errors);
        }

        await using var keeping = keeper;
        return await ServeAsync(keeper, metrics, log, time, random, errors, stops);
    }

    /// <summary>Says whether a proxy would start with this file and its documents, as far as can be known without starting it.</summary>
    public static int Check(string configFile, TextWriter output, TextWriter errors)
    {
        var (config, problems) = Read(configFile);
        if (config is null)
        {
            return Report(problems, errors);
        }

        if (config.Resources is { } path)
        {
            var (texts, unreadable) = ResourceFolder.Read(path);
            var parse = ResourceSet.Parse(texts, config);
            foreach (var warning in parse.Warnings)
            {
                errors.WriteLine($"warning: {warning}");
            }

            problems = [.. unreadable, .. parse.Problems];
        }

        if (problems.Count > 0)
        {
            return Report(problems, errors);
        }

        output.WriteLine($"{configFile}: valid");
        return Done;
    }

    private static async Task<int> ServeAsync(
        WorldKeeper keeper,
        ProxyMetrics metrics,
        Log log,
        TimeProvider time,
        Random random,
        TextWriter errors,
        StopRequests stops
    )
    {
        var state = new ProxyState(metrics, log, keeper.World, random);
        var server = new ProxyServer(state, time, random);
        var admin = new AdminServer(server, keeper, state, time, stops.Ask);
        try
        {
            server.Start();
            admin.Start(keeper.World.Config.Admin);
        }
        catch (ListenException e)
        {
            errors.WriteLine($"weft: {e.Message}");
            await server.StopAsync();
            await admin.StopAsync();
            return Failed;
        }

        keeper.Start(server.Prepare, server.Publish);
        foreach (var (listener, local) in server.Listeners)
        {
            log.Info("listening", ("listener", listener.Name), ("address", local?.ToString()));
        }

        using var compilerMemory = CompilerMemory.Watch(time);
        log.Info("ready", ("admin", admin.LocalEndPoint?.ToString()), ("workers", server.Loops.Count() / 2));
        await stops.First;
        var limit = keeper.World.Config.Drain;
        log.Info("draining", ("limit", limit));
        // Whoever asks a second time does not want to wait any longer.
        await Task.WhenAny(server.DrainAsync(limit), stops.Second);
        await server.StopAsync();
        await admin.StopAsync();
        log.Info("stopped");
        return Done;
    }

    private static (ProxyConfig? Config, IReadOnlyList<Problem> Problems) Read(string file)
    {
        try
        {
            return ProxyConfig.Parse(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [new Problem(file, 0, 0, $"the file cannot be read: {e.Message.TrimEnd('.')}")]);
        }
    }

    private static int Report(IReadOnlyList<Problem> problems, TextWriter errors)
    {
        foreach (var problem in problems)
        {
            errors.WriteLine(problem.ToString());
        }

        return Invalid;
    }

    private static LogOptions OptionsOf(LogConfig config) =>
        new()
        {
            Level = ProxyServer.LevelOf(config.Level),
            Format = config.Format == Resources.LogFormat.Json ? TelemetryFormat.Json : TelemetryFormat.Text,
        };
}
