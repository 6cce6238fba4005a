using System.Collections.Immutable;
using System.Text.Json;

namespace Weft.Discovery;

/// <summary>What matters of a Service.</summary>
/// <param name="Ports">Number and name of each port.</param>
/// <param name="IsSix">Whether its first family of addresses is IPv6; null when it does not say.</param>
internal sealed record ServiceObject(ImmutableDictionary<int, string> Ports, bool? IsSix)
{
    public static ServiceObject Parse(JsonElement service)
    {
        var spec = service.Field("spec");
        var ports = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var port in spec?.Items("ports") ?? default)
        {
            if (port.Whole("port") is > 0 and < 65536 and var number)
            {
                ports[(int)number] = port.Text("name") ?? "";
            }
        }
        bool? isSix = null;
        foreach (var family in spec?.Items("ipFamilies") ?? default)
        {
            isSix ??= family.Text() == "IPv6";
        }
        return new ServiceObject(ports.ToImmutable(), isSix);
    }
}
