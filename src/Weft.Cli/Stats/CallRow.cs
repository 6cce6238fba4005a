namespace Weft.Cli.Stats;

/// <summary>Who calls what; null for what calls are not told apart by.</summary>
internal sealed record CallKey(string? Caller, string Service, string? Route);

/// <summary>How the calls of one caller, service and route did.</summary>
internal sealed record CallRow(CallKey Key, CallStats Calls);
