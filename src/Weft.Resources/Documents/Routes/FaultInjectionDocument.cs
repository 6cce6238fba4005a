namespace Weft.Resources;

/// <summary>
/// Delays and failures that requests to a service are given on purpose, to see whether their callers can bear them. At least one of
/// the two is given; each has its own chance.
/// </summary>
public sealed record FaultInjectionDocument : Resource
{
    public const string KindName = "FaultInjection";

    public override string Kind => KindName;

    /// <summary>Names of the Services whose requests meet it, with or without <c>*</c> at their end; at least one.</summary>
    public required ValueList<string> Parents { get; init; }

    /// <summary>The requests that meet it: any of them; when none are given, all.</summary>
    public ValueList<RouteMatch> Matches { get; init; } = [];

    public FaultDelay? Delay { get; init; }

    public FaultAbort? Abort { get; init; }
}

/// <summary>Waits before the request is sent on.</summary>
/// <param name="Fixed">At least this long.</param>
/// <param name="Jitter">And up to this much longer.</param>
/// <param name="Share">Of the requests, 0 to 1.</param>
public sealed record FaultDelay(TimeSpan Fixed, TimeSpan Jitter, double Share = 1);

/// <summary>Answers in place of the service. Exactly one of <see cref="Status"/> and <see cref="Grpc"/> is given.</summary>
/// <param name="Status">200 to 599.</param>
/// <param name="Grpc">The name of a gRPC status, such as <c>unavailable</c>.</param>
/// <param name="Share">Of the requests, 0 to 1.</param>
public sealed record FaultAbort(int? Status, string? Grpc, double Share = 1);
