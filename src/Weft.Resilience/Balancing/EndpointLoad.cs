namespace Weft.Resilience;

/// <summary>
/// What one loop knows of one endpoint's load. Long-lived: it survives changes of membership. It belongs to one
/// <see cref="Balancer"/>, and only that balancer's loop touches it.
/// </summary>
public sealed class EndpointLoad
{
    internal CallHistory History;

    /// <summary>Round robin's virtual time of this endpoint's next turn; NaN before it has one.</summary>
    internal double Turn = double.NaN;

    public EndpointLoad(double weight = 1) => Weight = weight;

    /// <summary>
    /// Share of the load relative to its siblings, finite, 0 or more; beyond 1e-9 and 1e9 it counts as these. 0 means no traffic,
    /// unless every endpoint of the set has 0: then the weights say nothing and all count the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, NaN or infinite.</exception>
    public double Weight
    {
        get;
        set
        {
            if (!(value >= 0) || double.IsInfinity(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "a weight must be finite and 0 or more");
            field = value == 0 ? 0 : Math.Clamp(value, 1e-9, 1e9);
            Owner?.Invalidate();
        }
    }

    /// <summary>False while it must not get traffic (ejected, draining, known to be down); <see cref="Balancer.Pick"/> skips it.</summary>
    public bool Available
    {
        get;
        set
        {
            if (field == value)
                return;
            field = value;
            Owner?.Invalidate();
        }
    } = true;

    /// <summary>Calls started and not finished.</summary>
    public int InFlight { get; internal set; }

    internal Balancer? Owner { get; set; }
}
