using System.Collections.Concurrent;
using System.Diagnostics;

namespace Weft.Bench.Harness.Machine;

/// <summary>A process of ours: known by its id from start to end, and ended with the harness whatever happens.</summary>
internal sealed class Child : IDisposable
{
    private const int Terminate = 15;
    private const int LinesKept = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly ConcurrentDictionary<int, Child> Running = [];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];

    private Child(Command command, int? core)
    {
        // taskset sets the cores and becomes the program: the id stays the same.
        var start = core is { } c
            ? new ProcessStartInfo("taskset", ["-c", $"{c}", command.Program, .. command.Arguments])
            : new ProcessStartInfo(command.Program, command.Arguments);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <param name="core">The only core it may run on; null: any.</param>
    public static Child Start(Command command, int? core)
    {
        var child = new Child(command, core);
        child._process.Start();
        Running[child.Id] = child;
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and returns what it printed on both outputs.</summary>
    public static async Task<string> Run(Command command, int? core, CancellationToken cancellation)
    {
        using var child = Start(command, core);
        await child._process.WaitForExitAsync(cancellation);
        return child._process.ExitCode == 0
            ? child.Output + child.Errors
            : throw new MeasurementException(
                $"{command.Program} ended with {child._process.ExitCode}: {child.Errors}{child.Output}"
            );
    }

    /// <summary>Ends every process that still runs, each by its id.</summary>
    public static void EndAll()
    {
        foreach (var child in Running.Values)
            child.Dispose();
    }

    public void Dispose()
    {
        if (!Running.TryRemove(Id, out _))
            return;
        if (!_process.HasExited)
        {
            // Asked first, so that a master process can end its workers.
            Native.Signal(Id, Terminate);
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        if (lines.Count > LinesKept)
            lines.TryDequeue(out _);
    }
}
