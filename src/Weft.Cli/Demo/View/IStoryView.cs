namespace Weft.Cli.Demo;

/// <summary>Whoever watches the story.</summary>
internal interface IStoryView
{
    /// <summary>Something that is no step: the shop opens.</summary>
    void Say(string line);

    /// <summary>A step begins.</summary>
    void Begin(string step);

    void End(StepResult step);

    /// <summary>How the services do right now.</summary>
    void Show(IReadOnlyList<ServiceRow> rows);

    /// <summary>The whole of it, at its end.</summary>
    void Conclude(IReadOnlyList<ServiceRow> rows, DemoReport report);
}
