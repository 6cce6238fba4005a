using System.Diagnostics;

namespace Weft.Cli.Demo;

/// <summary>A process of this same program. It ends with its parent at the latest: it watches its standard input (<see cref="ParentWatch"/>).</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int LinesKept = 20;

    private readonly Process _process;
    private readonly Queue<string> _lines = [];

    private ChildProcess(string name, ProcessStartInfo start)
    {
        Name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Whether it was ended on purpose.</summary>
    public bool IsKilled { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts this program once more.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="arguments">The verb and what follows.</param>
    /// <param name="httpProxy">What plain HTTP calls go through.</param>
    public static ChildProcess Start(string name, IEnumerable<string> arguments, Uri? httpProxy = null)
    {
        var (program, before) = ThisProgram();
        var start = new ProcessStartInfo(program, [.. before, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the surroundings say about proxies is not meant for the shop.
        foreach (var variable in (string[])["http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"])
        {
            start.Environment.Remove(variable);
        }

        if (httpProxy is not null)
        {
            start.Environment["http_proxy"] = httpProxy.ToString();
        }

        var child = new ChildProcess(name, start);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Ends it at once, as a machine that loses power would (SIGKILL).</summary>
    public void Kill()
    {
        IsKilled = true;
        _process.Kill();
    }

    /// <summary>Returns when the system has taken it away, its connections with it.</summary>
    public Task WaitUntilGoneAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    /// <summary>Why it ended, with its last words.</summary>
    public string Epitaph()
    {
        lock (_lines)
        {
            var said = _lines.Count == 0 ? "it said nothing" : $"it said: {string.Join(" / ", _lines)}";
            return $"{Name} (process {Id}) ended with exit code {_process.ExitCode}; {said}";
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    /// <summary>The program and, where it is run by <c>dotnet weft.dll</c>, the file to run.</summary>
    private static (string Program, string[] Before) ThisProgram()
    {
        var path = Environment.ProcessPath ?? throw new DemoException("the path of this program is not known");
        return System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? (path, [System.IO.Path.Combine(AppContext.BaseDirectory, "weft.dll")])
            : (path, []);
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            if (_lines.Count == LinesKept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Trim());
        }
    }
}
