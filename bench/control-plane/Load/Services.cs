using System.Globalization;
using System.Text;

namespace Weft.Bench.ControlPlane.Load;

/// <summary>The services of a file namer, one file each. Nobody connects to their endpoints.</summary>
internal sealed class Services(string folder, Options options)
{
    private const int Port = 8080;

    /// <summary>As long for each, so that bytes can be compared.</summary>
    public static string NameOf(int service) => string.Create(CultureInfo.InvariantCulture, $"service-{service:00000}");

    public static string ConcreteName(int service) => $"/#/file/{NameOf(service)}";

    public int EndpointsOf(int service) =>
        (options.Endpoints / options.Services) + (service < options.Endpoints % options.Services ? 1 : 0);

    /// <summary>Writes all services.</summary>
    public void WriteAll()
    {
        for (var service = 0; service < options.Services; service++)
        {
            File.WriteAllText(Path.Combine(folder, NameOf(service)), Text(service, EndpointsOf(service)));
        }
    }

    /// <summary>Says of a service that it has its first so many endpoints, in one step: written beside, then renamed.</summary>
    public void Write(int service, int endpoints)
    {
        var path = Path.Combine(folder, NameOf(service));
        var beside = Path.Combine(folder, $".{NameOf(service)}");
        File.WriteAllText(beside, Text(service, endpoints));
        File.Move(beside, path, overwrite: true);
    }

    private string Text(int service, int endpoints)
    {
        var first =
            (service * (options.Endpoints / options.Services))
            + Math.Min(service, options.Endpoints % options.Services);
        var text = new StringBuilder();
        for (var i = first; i < first + endpoints; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"10.{(i >> 16) & 255}.{(i >> 8) & 255}.{i & 255} {Port}\n");
        }

        return text.ToString();
    }
}
