using Weft.Naming;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// Tells the log what is wrong with the sources of a namespace's namers, once when it comes and once when all is well again. Safe from any
/// thread, and waits for nobody: those who bring news may hold locks that namers need.
/// </summary>
/// <param name="ns">Whose namers these are.</param>
/// <param name="problems">What is wrong at present; safe from any thread.</param>
/// <param name="log">Is told.</param>
internal sealed class SourceReport(string ns, Func<IReadOnlyList<Problem>> problems, Log log)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<Problem> _told = [];
    private int _isWoken;

    /// <summary>Has it look soon.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            // Not awaited: it does nothing that can fail.
            _ = Task.Run(Look);
        }
    }

    /// <summary>Tells what is different from what was told last.</summary>
    internal void Look()
    {
        Volatile.Write(ref _isWoken, 0);
        lock (_gate)
        {
            var now = problems();
            foreach (var problem in now.Except(_told))
            {
                log.Warn(
                    "a source of names has a problem, what it said last stays",
                    ("namespace", ns),
                    ("problem", problem.ToString())
                );
            }

            if (now.Count == 0 && _told.Count > 0)
            {
                log.Info("all sources of names are well again", ("namespace", ns));
            }

            _told = now;
        }
    }
}
