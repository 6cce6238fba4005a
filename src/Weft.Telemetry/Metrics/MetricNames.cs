namespace Weft.Telemetry;

/// <summary>The rules that names of metrics and labels keep to (Prometheus data model; OpenMetrics 1.0, "Suffixes").</summary>
internal static class MetricNames
{
    public static void Check(MetricKind kind, string name, ReadOnlySpan<MetricLabel> labels)
    {
        if (!IsName(name, colonAllowed: true))
            throw new ArgumentException(
                $"'{name}' is not the name of a metric: letters, digits, '_' and ':'",
                nameof(name)
            );
        if ((kind == MetricKind.Counter) != name.EndsWith("_total", StringComparison.Ordinal))
            throw new ArgumentException($"'{name}': counters end in _total, and nothing else does", nameof(name));
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i].Name;
            var isReserved = label.StartsWith("__", StringComparison.Ordinal) || label is "le" or "quantile";
            if (isReserved || !IsName(label, colonAllowed: false))
                throw new ArgumentException($"'{label}' cannot be a label of '{name}'", nameof(labels));
            for (var j = 0; j < i; j++)
            {
                if (labels[j].Name == label)
                    throw new ArgumentException($"'{name}' has the label '{label}' twice", nameof(labels));
            }
        }
    }

    private static bool IsName(string name, bool colonAllowed)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(c == ':' && colonAllowed))
                return false;
        }

        return true;
    }
}
