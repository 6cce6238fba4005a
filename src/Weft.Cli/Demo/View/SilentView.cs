namespace Weft.Cli.Demo;

/// <summary>Says nothing: the report alone is printed, for machines.</summary>
internal sealed class SilentView : IStoryView
{
    public void Say(string line) { }

    public void Begin(string step) { }

    public void End(StepResult step) { }

    public void Show(IReadOnlyList<ServiceRow> rows) { }

    public void Conclude(IReadOnlyList<ServiceRow> rows, DemoReport report) { }
}
