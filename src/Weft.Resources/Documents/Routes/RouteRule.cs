namespace Weft.Resources;

/// <summary>What becomes of a request that any of the matches fits; when none are given, every request fits.</summary>
public sealed record RouteRule
{
    /// <summary>Unique in its document; null when it has none.</summary>
    public string? Name { get; init; }

    public ValueList<RouteMatch> Matches { get; init; } = [];

    public RouteFilters Filters { get; init; } = RouteFilters.None;

    /// <summary>None: the service itself.</summary>
    public ValueList<WeightedBackend> Backends { get; init; } = [];

    /// <summary>The whole call; null is as the Service says, zero is without limit.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>One attempt; null is as the Service says, zero is without limit.</summary>
    public TimeSpan? BackendRequestTimeout { get; init; }

    /// <summary>Null: as the Service says.</summary>
    public RouteRetrySpec? Retry { get; init; }

    public Origin Origin { get; init; } = Origin.None;
}

/// <summary>A service and its share of the requests.</summary>
/// <param name="Weight">Relative to its siblings; 0 gets none.</param>
/// <param name="RequestHeaders">Changes for this backend alone, after those of the rule.</param>
/// <param name="ResponseHeaders">Changes to this backend's responses alone, before those of the rule.</param>
public sealed record WeightedBackend(
    string Name,
    int Weight = 1,
    HeaderChanges? RequestHeaders = null,
    HeaderChanges? ResponseHeaders = null
)
{
    public Origin Origin { get; init; } = Origin.None;
}

/// <summary>How a rule's calls are retried where that differs from the Service; what is null is as the Service says.</summary>
public sealed record RouteRetrySpec
{
    /// <summary>Retries of one request; 0: its calls are not retried.</summary>
    public int? Attempts { get; init; }

    public ValueList<RetryCondition>? On { get; init; }

    public ValueList<StatusRange>? Codes { get; init; }

    public ValueList<string>? Grpc { get; init; }

    public RetryMethods? Methods { get; init; }

    /// <summary>The methods when <see cref="Methods"/> is <see cref="RetryMethods.Listed"/>.</summary>
    public ValueList<string> MethodList { get; init; } = [];

    public BackoffSpec? Backoff { get; init; }

    /// <summary>The retries that hold for the rule, or null when it has none. The budget is always the service's.</summary>
    public RetriesSpec? Over(RetriesSpec? service)
    {
        if (Attempts == 0)
        {
            return null;
        }
        var under = service ?? new RetriesSpec();
        return under with
        {
            Limit = Attempts ?? under.Limit,
            On = On ?? under.On,
            Statuses = Codes ?? under.Statuses,
            Grpc = Grpc ?? under.Grpc,
            Methods = Methods ?? under.Methods,
            MethodList = Methods is null ? under.MethodList : MethodList,
            Backoff = Backoff ?? under.Backoff,
        };
    }
}
