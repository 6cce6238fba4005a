using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Weft.Api.Documents;
using Weft.Bench.Harness.Machine;
using Weft.EndToEnd.Harness;

namespace Weft.Bench.ControlPlane.Subject;

/// <summary>A process of <c>weft control</c> on loopback, with an embedded store in a folder of this run.</summary>
internal sealed class RunningControlPlane : IDisposable
{
    private const int Kill = 9;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(10);

    private readonly Command _command;
    private readonly HttpClient _http;
    private Child _process;

    private RunningControlPlane(string weft)
    {
        var address = FreePort.NextOnLoopback();
        Address = new Uri($"http://{address}");
        _http = new HttpClient { BaseAddress = Address, Timeout = s_patience };
        _command = new Command(weft, ["control", "--data", Scratch.NewFolder("store"), "--listen", address.ToString()]);
        _process = Child.Start(_command, core: null);
    }

    public Uri Address { get; }

    /// <summary>User and system time of the process so far.</summary>
    public TimeSpan CpuTime => TimeSpan.FromMicroseconds(Native.CpuNanoseconds(_process.Id) / 1000.0);

    /// <summary>Starts one, and returns when it answers.</summary>
    public static async Task<RunningControlPlane> StartAsync(string weft, CancellationToken stop)
    {
        var started = new RunningControlPlane(weft);
        try
        {
            await started.AnswersAsync(stop);
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>Ends it at once, as a crash would, and starts another one over what it kept. Returns when that one answers.</summary>
    /// <returns>Timestamp of when the new one was started.</returns>
    public async Task<long> RestartAsync(CancellationToken stop)
    {
        Native.Signal(_process.Id, Kill);
        await PollAsync(() => Task.FromResult(_process.HasExited), "end", stop);
        _process.Dispose();
        var started = Stopwatch.GetTimestamp();
        _process = Child.Start(_command, core: null);
        await AnswersAsync(stop);
        return started;
    }

    /// <summary>Memory in RAM, and the part of it that is the process's own: what it shares is counted by halves, thirds and so on.</summary>
    public (long Resident, long Proportional) Memory()
    {
        var rollup = File.ReadLines($"/proc/{_process.Id}/smaps_rollup").ToArray();
        return (Field("Rss:"), Field("Pss:"));

        long Field(string name) =>
            1024
            * long.Parse(
                rollup
                    .First(l => l.StartsWith(name, StringComparison.Ordinal))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>Has documents written, and returns when that is acknowledged.</summary>
    public async Task ApplyAsync(string text, CancellationToken stop)
    {
        using var answer = await _http.PostAsJsonAsync(
            new Uri("/api/v1/namespaces/default/apply", UriKind.Relative),
            new ApplyRequest { Files = [new DocumentFile("bench.yaml", text)] },
            ControlJson.Plain.ApplyRequest,
            stop
        );
        if (!answer.IsSuccessStatusCode)
        {
            throw new MeasurementException($"apply: {await answer.Content.ReadAsStringAsync(stop)}");
        }
    }

    /// <summary>Until every proxy is connected and has acknowledged all that it was sent.</summary>
    public Task AcknowledgedAsync(int proxies, CancellationToken stop) =>
        PollAsync(
            async () =>
            {
                var list = await ListAsync(stop);
                return list.Count == proxies && list.All(p => p.Sent == p.Acknowledged && p.Refused.Count == 0);
            },
            "hear from all proxies",
            stop
        );

    public void Dispose()
    {
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<IReadOnlyList<ProxyInfo>> ListAsync(CancellationToken stop) =>
        (
            await _http.GetFromJsonAsync(
                new Uri("/api/v1/proxies", UriKind.Relative),
                ControlJson.Plain.ProxyList,
                stop
            )
        )!.Proxies;

    private Task AnswersAsync(CancellationToken stop) =>
        PollAsync(
            async () =>
            {
                try
                {
                    await ListAsync(stop);
                    return true;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                    return _process.HasExited
                        ? throw new MeasurementException($"the control plane ended: {_process.Errors}")
                        : false;
                }
            },
            "answer",
            stop
        );

    private async Task PollAsync(Func<Task<bool>> condition, string what, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > s_patience)
            {
                throw new MeasurementException(
                    $"within {s_patience.TotalSeconds} s the control plane did not {what}; it said: {_process.Errors}"
                );
            }

            await Task.Delay(s_retry, stop);
        }
    }
}
