using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What a line of a service's file may say of an endpoint beyond its address and weight: <c>zone=a protocol=http2</c>.</summary>
internal static class LineMetadata
{
    public const string Expected = "behind port and weight may stand zone=NAME and protocol=http1 or http2";

    /// <summary>Takes one pair in; what is wrong with it, or null.</summary>
    public static string? Add(ref ImmutableSortedDictionary<string, string> metadata, ReadOnlySpan<char> pair)
    {
        var split = pair.IndexOf('=');
        if (split < 0)
        {
            return $"'{pair}' is neither a '*' with a weight nor a key=value";
        }
        var key = pair[..split];
        var value = pair[(split + 1)..];
        var wrong = key switch
        {
            EndpointMetadata.Zone => EndpointMetadata.IsZone(value) ? null : $"'{value}' is not the name of a zone",
            EndpointMetadata.Protocol => value is "http1" or "http2" ? null : $"'{value}' is not a protocol",
            _ => $"'{key}' is not known of endpoints",
        };
        if (wrong is not null)
        {
            return wrong;
        }
        if (metadata.ContainsKey(key.ToString()))
        {
            return $"'{key}' is said twice";
        }
        metadata = metadata.Add(key.ToString(), value.ToString());
        return null;
    }

    /// <summary>Whether two lines say the same.</summary>
    public static bool Same(
        ImmutableSortedDictionary<string, string> one,
        ImmutableSortedDictionary<string, string> other
    ) => one.SequenceEqual(other);
}
