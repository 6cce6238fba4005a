namespace Weft.Cli.Stats;

/// <summary>What a table of calls tells apart besides services.</summary>
/// <param name="Property">What it is called in JSON.</param>
/// <param name="HasCaller">Who calls.</param>
/// <param name="HasRoute">By which route.</param>
internal sealed record TrafficShape(string Property, bool HasCaller, bool HasRoute)
{
    public static readonly TrafficShape Edges = new("edges", HasCaller: true, HasRoute: false);

    public static readonly TrafficShape Routes = new("routes", HasCaller: false, HasRoute: true);

    public static readonly TrafficShape Calls = new("calls", HasCaller: true, HasRoute: true);

    /// <summary>The same, as a control plane is asked for it.</summary>
    public string By => (HasCaller ? "caller," : "") + "service" + (HasRoute ? ",route" : "");

    /// <summary>What calls have in common that are not told apart.</summary>
    public CallKey KeyOf(string caller, string service, string route) =>
        new(HasCaller ? caller : null, service, HasRoute ? route : null);
}
