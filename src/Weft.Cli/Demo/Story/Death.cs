namespace Weft.Cli.Demo;

/// <summary>The end of an endpoint. A process does not die at one moment: its connections close somewhere between the two.</summary>
/// <param name="Instance">Whose.</param>
/// <param name="Began">When it was told to die.</param>
/// <param name="Gone">When the system had taken it away.</param>
internal readonly record struct Death(string Instance, TimeSpan Began, TimeSpan Gone);
