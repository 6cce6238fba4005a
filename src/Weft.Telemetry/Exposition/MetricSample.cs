namespace Weft.Telemetry;

/// <summary>One line of a metrics page.</summary>
/// <param name="Name">The sample's name, with its suffix (<c>_total</c>, <c>_bucket</c>).</param>
/// <param name="Labels">In the order of the page; no name comes twice.</param>
/// <param name="Value">May be NaN or infinite.</param>
public sealed record MetricSample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>The value of a label, or null when it has none of that name.</summary>
    public string? this[string label]
    {
        get
        {
            foreach (var (name, value) in Labels)
            {
                if (name == label)
                    return value;
            }

            return null;
        }
    }
}
