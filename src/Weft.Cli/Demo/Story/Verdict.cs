namespace Weft.Cli.Demo;

/// <summary>What a step's samples say so far.</summary>
/// <param name="IsSettled">More samples would not change it: the step may end.</param>
/// <param name="Held">What was told happened.</param>
/// <param name="Detail">One line, with the numbers.</param>
internal readonly record struct Verdict(bool IsSettled, bool Held, string Detail);
