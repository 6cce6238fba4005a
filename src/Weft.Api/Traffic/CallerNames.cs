using Weft.Api.Mesh;

namespace Weft.Api.Traffic;

/// <summary>Whose calls leave a proxy.</summary>
public static class CallerNames
{
    /// <summary>
    /// The service that the proxy stands beside; of several, all of them with <c>+</c> in between. Where it stands beside none, what the
    /// proxy is called.
    /// </summary>
    public static string NameOf(this ProxyRole role, string proxy)
    {
        ArgumentNullException.ThrowIfNull(role);
        return Of(role.Services, proxy);
    }

    /// <summary>The same.</summary>
    public static string Of(IReadOnlyCollection<string> services, string proxy)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.Count == 0 ? proxy : string.Join('+', services.Distinct().Order(StringComparer.Ordinal));
    }
}
