using Weft.Telemetry;

namespace Weft.Control;

/// <summary>The life of a control plane's process: open, serve, end.</summary>
public static class ControlProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Invalid = 2;

    /// <summary>Runs a control plane until it is told to stop.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="errors">Where problems and the log go.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>0 after it was stopped; 1 when it could not start; 2 when the options are invalid.</returns>
    public static async Task<int> RunAsync(ControlOptions options, TextWriter errors, CancellationToken stop)
    {
        if (options.Problem is { } problem)
        {
            await errors.WriteLineAsync($"weft control: {problem}");
            return Invalid;
        }

        var time = TimeProvider.System;
        // The edge of the program: from here on all chance comes out of this seed.
        var random = new Random(Guid.NewGuid().GetHashCode());
        using var log = new Log(errors, time);
        try
        {
            await using var store = await OpenStoreAsync(options, time, log, stop);
            await using var server = await ControlServer.StartAsync(options, store, time, random, log);
            log.Info(
                "control plane ready",
                ("address", server.Address.ToString().TrimEnd('/')),
                ("revision", store.View.Revision)
            );
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            log.Info("stopping");
            return Done;
        }
        catch (Exception error) when (error is StoreException or IOException or System.Net.Sockets.SocketException)
        {
            await errors.WriteLineAsync($"weft control: {error.Message}");
            return Failed;
        }
    }

    private static async Task<IDocumentStore> OpenStoreAsync(
        ControlOptions options,
        TimeProvider time,
        Log log,
        CancellationToken stop
    ) =>
        options.Store is { } etcd
            ? await EtcdStore.OpenAsync(etcd, time, log, stop)
            : EmbeddedStore.Open(options.Data!, time, log);
}
