using Weft.Api.Documents;

namespace Weft.Cli.Stats;

/// <summary>Calls as callers saw them, and whose eyes that was.</summary>
/// <param name="WindowSeconds">The stretch of time that was asked for; 0 for all since the proxies' start.</param>
/// <param name="CoveredSeconds">The stretch that was seen; null when it is not known.</param>
/// <param name="Sources">The proxies that counted, and those that did not.</param>
/// <param name="Rows">In no order.</param>
internal sealed record TrafficSight(
    double WindowSeconds,
    double? CoveredSeconds,
    IReadOnlyList<TrafficSource> Sources,
    IReadOnlyList<CallRow> Rows
);

/// <summary>A proxy that counted, or should have.</summary>
/// <param name="Name">Its id, or its address.</param>
/// <param name="Caller">The service that it stands beside, its name where there is none; null when that is not known.</param>
/// <param name="AgeSeconds">Of what it said last; null when it said nothing.</param>
/// <param name="Note">What there is to know of it; null when all is well.</param>
internal sealed record TrafficSource(string Name, string? Caller, double? AgeSeconds, string? Note)
{
    /// <summary>Twice as old as a report gets, and a bit.</summary>
    private const double LateSeconds = 15;

    /// <summary>What a control plane knows of a proxy.</summary>
    public static TrafficSource Of(ReporterInfo proxy) =>
        new(
            proxy.Id,
            proxy.Caller,
            proxy.AgeSeconds,
            proxy switch
            {
                { Refused: { } reason } => $"proxy {proxy.Id}: its reports are not taken: {reason}",
                { AgeSeconds: null, Connected: true } =>
                    $"proxy {proxy.Id} has not reported yet: its traffic is missing",
                { AgeSeconds: null } => $"proxy {proxy.Id} left without a report: its traffic is missing",
                { Connected: false, AgeSeconds: { } age } =>
                    $"proxy {proxy.Id} has left: its last report is {age:0}s old",
                { AgeSeconds: > LateSeconds and var age } =>
                    $"proxy {proxy.Id} is late: its last report is {age:0}s old",
                _ => null,
            }
        );
}
