using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A process that a test started: the last lines that it prints are kept, or all of them where it is run to its end. It ends with the test, or with the test
/// run at the latest.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Of a server, which says things for as long as it runs.
    private const int LastLines = 2_000;

    private static readonly ConcurrentDictionary<int, Process> Running = [];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly int _linesKept;

    static ChildProcess() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var process in Running.Values)
                process.Kill(entireProcessTree: true);
        };

    private ChildProcess(int linesKept, string program, IEnumerable<string> arguments)
    {
        _linesKept = linesKept;
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the surroundings of the test run say about colours must not decide what tests see.
        start.Environment["NO_COLOR"] = "1";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The lines of standard output that are kept.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The lines of standard error that are kept.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Memory that the process has in RAM now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>
    /// For a program that does all of its work within it: megabytes through two proxies whose code is cold may take a quarter of a minute on a machine
    /// that five test runs share.
    /// </summary>
    private static TimeSpan AllItsWork => TimeSpan.FromMinutes(1);

    /// <summary>Starts a program that runs until it is ended: the last lines that it prints are kept.</summary>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments) =>
        Start(LastLines, program, arguments);

    /// <summary>Runs a program to its end, and returns all that it printed: a test may count in it.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        string program,
        params IEnumerable<string> arguments
    )
    {
        await using var child = Start(int.MaxValue, program, arguments);
        var code = await child.Exit(AllItsWork);
        return (code, child.Output, child.Errors);
    }

    /// <summary>Asks the process to end, as a supervisor would.</summary>
    public void Terminate() => Signal(15);

    /// <summary>Ends the process at once (SIGKILL): its connections are reset, those to come refused.</summary>
    public void Kill() => Signal(9);

    /// <summary>Ends a process that another test run has left, if it is still there.</summary>
    public static void KillLeftover(int process) => _ = kill(process, 9);

    /// <summary>Stops it where it is (SIGSTOP): the system still takes connections for it, and nobody answers.</summary>
    public void Freeze() => Signal(19);

    /// <summary>Has it go on (SIGCONT).</summary>
    public void Thaw() => Signal(18);

    public void Signal(int signal)
    {
        if (kill(Id, signal) != 0)
            throw new InvalidOperationException($"signal {signal} to {Id}: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Waits for the end of the process and of its output, and returns the exit code.</summary>
    public async Task<int> Exit(TimeSpan? deadline = null) =>
        await Eventually.Within(
            async token =>
            {
                await _process.WaitForExitAsync(token);
                return _process.ExitCode;
            },
            () => $"exit ({_process.StartInfo.FileName}); it said:\n{Errors}",
            deadline
        );

    public async ValueTask DisposeAsync()
    {
        Running.TryRemove(Id, out _);
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static ChildProcess Start(int linesKept, string program, IEnumerable<string> arguments)
    {
        var child = new ChildProcess(linesKept, program, arguments);
        child._process.Start();
        Running[child.Id] = child._process;
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    private void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        if (lines.Count > _linesKept)
            lines.TryDequeue(out _);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
