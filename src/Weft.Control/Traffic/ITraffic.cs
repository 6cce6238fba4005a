namespace Weft.Control;

/// <summary>What the proxies of a namespace have reported of their traffic.</summary>
internal interface ITraffic
{
    /// <summary>Who called what, as callers saw it, in the last stretch of time: at most ten minutes, in steps of ten seconds.</summary>
    /// <returns>One entry for each caller, service and route, in that order; empty when nobody has reported.</returns>
    IReadOnlyList<SeenCalls> Calls(string ns, TimeSpan window);

    /// <summary>The part of that stretch that the reports are of; null when none is of that time.</summary>
    TimeSpan? Covered(string ns, TimeSpan window);
}
