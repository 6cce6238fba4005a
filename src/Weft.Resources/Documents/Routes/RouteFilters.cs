namespace Weft.Resources;

/// <summary>What a rule does to its requests and their responses.</summary>
public sealed record RouteFilters
{
    public static readonly RouteFilters None = new();

    public HeaderChanges? RequestHeaders { get; init; }

    public HeaderChanges? ResponseHeaders { get; init; }

    /// <summary>Requests are answered with it and go to no backend.</summary>
    public RequestRedirect? Redirect { get; init; }

    public UrlRewrite? Rewrite { get; init; }

    public ValueList<RequestMirror> Mirrors { get; init; } = [];
}

/// <summary>Changes of header fields. No name stands in it twice; all are in lower case.</summary>
public sealed record HeaderChanges
{
    /// <summary>Fields that take the place of all of their name.</summary>
    public ValueList<HeaderValue> Set { get; init; } = [];

    /// <summary>Fields that are added to those of their name.</summary>
    public ValueList<HeaderValue> Add { get; init; } = [];

    public ValueList<string> Remove { get; init; } = [];
}

/// <summary>A field: its name in lower case, and a value of visible ASCII, spaces and tabs.</summary>
public sealed record HeaderValue(string Name, string Value);

/// <summary>Sends the client elsewhere; what is null stays as it was asked for.</summary>
public sealed record RequestRedirect
{
    public const int DefaultStatus = 302;

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string? Scheme { get; init; }

    public string? Hostname { get; init; }

    public int? Port { get; init; }

    public PathChange? Path { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public int Status { get; init; } = DefaultStatus;
}

/// <summary>Changes what a backend is asked for; what is null stays.</summary>
public sealed record UrlRewrite(string? Hostname, PathChange? Path);

/// <summary>Another path. The query stays.</summary>
public sealed record PathChange(PathChangeKind Kind, string Value);

/// <summary>What of a path is replaced.</summary>
public enum PathChangeKind
{
    ReplaceFullPath,

    /// <summary>What the rule's one PathPrefix match has fitted.</summary>
    ReplacePrefixMatch,
}

/// <summary>A copy of requests for another service, whose answers nobody waits for.</summary>
/// <param name="Share">Of the requests, 0 to 1.</param>
public sealed record RequestMirror(string Backend, double Share = 1);
