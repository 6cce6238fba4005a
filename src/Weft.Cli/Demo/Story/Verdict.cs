namespace Weft.Cli.Demo;

/// <summary>What a step's samples say so far.</summary>
/// <param name="IsEnough">There are samples enough to judge by: the step may end when its time is short.</param>
/// <param name="IsSettled">There are as many as are wanted: nothing more need be waited for.</param>
/// <param name="Held">What was told happened.</param>
/// <param name="Detail">One line, with the numbers.</param>
internal readonly record struct Verdict(bool IsEnough, bool IsSettled, bool Held, string Detail);
