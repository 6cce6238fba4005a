using Spectre.Console;
using Spectre.Console.Rendering;

namespace Weft.Cli.Demo;

/// <summary>The steps so far and the table below them, redrawn in place: for terminals.</summary>
internal sealed class LiveView : IStoryView, IAsyncDisposable
{
    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LiveDisplayContext> _display = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly Task _running;
    private string? _step;
    private IReadOnlyList<ServiceRow> _rows = [];

    public LiveView(IAnsiConsole console)
    {
        _console = console;
        _running = console
            .Live(Text.Empty)
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(async context =>
            {
                _display.SetResult(context);
                await _end.Task;
            });
    }

    public void Say(string line) => Change(() => _lines.Add($"[dim]{Markup.Escape(line)}[/]"));

    public void Begin(string step) => Change(() => _step = step);

    public void End(StepResult step) =>
        Change(() =>
        {
            _step = null;
            _lines.Add(LineView.LineOf(step));
        });

    public void Show(IReadOnlyList<ServiceRow> rows) => Change(() => _rows = rows);

    public void Conclude(IReadOnlyList<ServiceRow> rows, DemoReport report) =>
        Change(() =>
        {
            _rows = rows;
            _lines.Add(LineView.Summary(report));
        });

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        await _running;
        _console.WriteLine();
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            if (_display.Task.IsCompletedSuccessfully)
            {
                Redraw(_display.Task.GetAwaiter().GetResult());
            }
        }
    }

    private void Redraw(LiveDisplayContext context)
    {
        var parts = new List<IRenderable>(_lines.Select(line => new Markup(line)));
        if (_step is not null)
        {
            parts.Add(new Markup($"[yellow]...[/]     [bold]{Markup.Escape(_step)}[/]"));
        }

        if (_rows.Count > 0)
        {
            parts.Add(ServiceTable.Of(_rows));
        }

        context.UpdateTarget(new Rows(parts));
        context.Refresh();
    }
}
