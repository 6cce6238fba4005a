using System.Text.Json;
using Weft.Api.Traffic;

namespace Weft.Cli.Stats;

/// <summary>Whose calls leave a proxy, as its <c>/config</c> has it: what it would tell a control plane.</summary>
internal static class ProxyCaller
{
    /// <summary>The services of its inbound listeners; where there are none, its id, or the address that it was asked at.</summary>
    /// <exception cref="ScrapeException">It cannot be had.</exception>
    public static async Task<string> ReadAsync(string address, Uri page, FetchMetrics fetch, CancellationToken stop)
    {
        var config = new Uri(page, "/config");
        var text = await fetch(config, stop);
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement, address);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ScrapeException($"{config}: what answers there is no proxy: {error.Message}");
        }
    }

    private static string Of(JsonElement config, string address)
    {
        var services = config
            .GetProperty("listeners")
            .EnumerateArray()
            .Where(l => l.GetProperty("kind").GetString() == "inbound")
            .Select(l => l.GetProperty("service").GetString())
            .OfType<string>();
        var id =
            config.TryGetProperty("control", out var control) && control.TryGetProperty("id", out var known)
                ? known.GetString()
                : null;
        return CallerNames.Of([.. services], id ?? address);
    }
}
