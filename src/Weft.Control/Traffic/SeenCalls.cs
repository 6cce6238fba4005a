namespace Weft.Control;

/// <summary>What the proxies of one caller asked of one service by one route, in the stretch of time that is looked at.</summary>
/// <param name="Caller">The service that these proxies stand beside; a proxy's id where it stands beside none.</param>
/// <param name="Dtabs">The Dtab documents that their outbound listeners bind names by; as a rule one.</param>
/// <param name="Service">The logical name, as metrics write it: <c>books</c> for <c>/svc/books</c>.</param>
/// <param name="Route">The route's name in metrics; <c>default</c> where the service has none.</param>
/// <param name="Requests">Requests that ended.</param>
/// <param name="Failures">Those of them that their callers saw fail.</param>
internal sealed record SeenCalls(
    string Caller,
    IReadOnlyList<string> Dtabs,
    string Service,
    string Route,
    long Requests,
    long Failures
);
