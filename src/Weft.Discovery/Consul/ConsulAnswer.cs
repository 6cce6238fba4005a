using System.Globalization;
using System.Net;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>From what Consul says of a service's instances (<c>/v1/health/service</c>) to endpoints.</summary>
internal sealed class ConsulAnswer(ConsulNamerOptions options)
{
    /// <summary>The endpoints, and what is wrong with an instance that could not be taken in; null when all are right.</summary>
    /// <returns>Neg when there is no instance at all, whatever its health.</returns>
    /// <exception cref="BackendException">It is not what Consul says of instances.</exception>
    public (EndpointSet Endpoints, string? Problem) Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonFields.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new BackendException("an answer of Consul is not a list of instances");
        }
        var endpoints = new EndpointMerge();
        string? problem = null;
        var isAbsent = true;
        foreach (var instance in document.RootElement.EnumerateArray())
        {
            isAbsent = false;
            if (instance.Field("Service") is not { } service)
            {
                throw new BackendException("an answer of Consul has an instance without a service");
            }
            var health = HealthOf(instance);
            if (!options.Health.Contains(health))
            {
                continue;
            }
            var text = AddressOf(instance, service);
            var port = service.Whole("Port") ?? 0;
            if (port is < 1 or > 65535 || !IPAddress.TryParse(text, out var address))
            {
                problem ??=
                    $"instance '{service.Text("ID")}' has the address '{text}' and the port {port}, which is no endpoint";
                continue;
            }
            endpoints.Add(new Endpoint(new IPEndPoint(address, (int)port), WeightOf(service, health)));
        }
        return (isAbsent ? EndpointSet.Neg.Instance : endpoints.ToSet(), problem);
    }

    /// <summary>The worst of its checks, the node's included.</summary>
    private static ConsulHealth HealthOf(JsonElement instance)
    {
        var worst = ConsulHealth.Passing;
        foreach (var check in instance.Items("Checks"))
        {
            var id = check.Text("CheckID") ?? "";
            var health = check.Text("Status") switch
            {
                _ when id == "_node_maintenance" || id.StartsWith("_service_maintenance", StringComparison.Ordinal) =>
                    ConsulHealth.Maintenance,
                "passing" => ConsulHealth.Passing,
                "warning" => ConsulHealth.Warning,
                _ => ConsulHealth.Critical,
            };
            worst = health > worst ? health : worst;
        }
        return worst;
    }

    private string AddressOf(JsonElement instance, JsonElement service)
    {
        var own = service.Text("Address") ?? "";
        return options.PreferServiceAddress && own.Length > 0 ? own : instance.Field("Node")?.Text("Address") ?? own;
    }

    private double WeightOf(JsonElement service, ConsulHealth health)
    {
        var tags = service.Items("Tags").Select(t => t.Text()).ToHashSet(StringComparer.Ordinal);
        var byTag = options.Weights.Where(w => tags.Contains(w.Tag)).Select(w => (double?)w.Weight).Max();
        var isPassing = health == ConsulHealth.Passing;
        var weight =
            byTag ?? MetaWeight(service) ?? service.Field("Weights")?.Number(isPassing ? "Passing" : "Warning") ?? 1;
        return EndpointMerge.IsWeight(weight) ? weight : 1;
    }

    private static double? MetaWeight(JsonElement service) =>
        double.TryParse(
            service.Field("Meta")?.Text("weight"),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var weight
        )
            ? weight
            : null;
}
