namespace Weft.Cli.Demo;

/// <summary>How one step of the story went.</summary>
internal sealed record StepResult(string Name, bool Held, string Detail);
