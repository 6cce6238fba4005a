namespace Weft.Control;

/// <summary>What becomes of a request in the end.</summary>
internal enum TargetKind
{
    /// <summary>It goes to an endpoint of a concrete name.</summary>
    Name,

    /// <summary>A rule answers it by sending the client elsewhere.</summary>
    Redirect,

    /// <summary>Its name does not exist, or is blocked: 503 <c>no-binding</c>.</summary>
    NoBinding,

    /// <summary>Its name exists and has no endpoints: 503 <c>no-endpoints</c>.</summary>
    NoEndpoints,

    /// <summary>The service has routes, and no rule fits: 404 <c>no-route</c>.</summary>
    NoRoute,

    /// <summary>It cannot be told: a source has not answered, or cannot be asked.</summary>
    Unknown,
}

/// <summary>One end that requests come to. Equal when nobody could tell two of them apart.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The concrete name, or what could not be bound.</param>
internal sealed record PreviewTarget(TargetKind Kind, string? Id = null)
{
    public static readonly PreviewTarget NoBinding = new(TargetKind.NoBinding);

    public static readonly PreviewTarget NoEndpoints = new(TargetKind.NoEndpoints);

    public static readonly PreviewTarget NoRoute = new(TargetKind.NoRoute);

    /// <summary>Of a concrete name, as far as they are known.</summary>
    public int? Endpoints { get; init; }

    /// <summary>Where a redirection leads, or why something is not known.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Tells apart what only looks alike: the same name by another namer with other endpoints, or two things that are not known. Empty where the same source
    /// is asked before and after.
    /// </summary>
    public string Mark { get; init; } = "";

    /// <summary>Whether its requests fail.</summary>
    public bool Fails =>
        Kind is TargetKind.NoBinding or TargetKind.NoEndpoints or TargetKind.NoRoute
        || (Kind is TargetKind.Name && Endpoints == 0);

    /// <summary>Whether it is not known what becomes of its requests.</summary>
    public bool IsUnknown => Kind is TargetKind.Unknown || (Kind is TargetKind.Name && Endpoints is null);
}
