using System.Text;

namespace Weft.Cli.Demo;

/// <summary>What one service of the shop does: it works a while, calls those that it needs, and sometimes fails.</summary>
internal sealed record ShopServiceOptions
{
    /// <summary>How the instance is called in <c>served-by</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The services that every answer needs, called all at once as <c>http://NAME/</c>.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>The share of requests that fail with a 500, 0 to 1.</summary>
    public double FailRatio { get; init; }

    /// <summary>Which of them: the same seed fails the same ones.</summary>
    public int Seed { get; init; }

    /// <summary>How long an answer takes beside the calls.</summary>
    public TimeSpan Work { get; init; }
}

/// <summary>
/// A service of the shop. It knows nothing of the mesh: it calls others by plain names, through whatever proxy the environment names
/// (<c>http_proxy</c>), and passes their errors on.
/// </summary>
internal sealed class ShopService(ShopServiceOptions options, HttpClient client, TimeProvider time)
{
    /// <summary>What version 1 of authors says when it fails; every error of the shop's own ends in it.</summary>
    public const string Fault = "the ink ran dry";

    private readonly Random _chance = new(options.Seed);
    private readonly Lock _chanceLock = new();

    public async Task<ShopAnswer> AnswerAsync(CancellationToken cancel)
    {
        var work = options.Work > TimeSpan.Zero ? Task.Delay(options.Work, time, cancel) : Task.CompletedTask;
        var calls = await Task.WhenAll(options.Calls.Select(name => CallAsync(name, cancel)));
        await work;
        var name = options.Calls.Count == 0 ? options.Name : ServedBy.Write(options.Name, ServedByOf(calls));
        if (Fails())
        {
            return new ShopAnswer(500, name, $"{options.Name}: {Fault}\n");
        }

        var failed = Array.FindAll(calls, call => call.Status != 200);
        return failed.Length == 0
            ? new ShopAnswer(200, name, $"{name}\n")
            : new ShopAnswer(StatusOf(failed), name, string.Concat(failed.Select(call => call.Body)));
    }

    private static IEnumerable<string> ServedByOf(ShopAnswer[] calls) =>
        calls.Select(call => call.ServedBy).Where(name => name.Length > 0);

    // The worst of it: what a service in between cannot reach outweighs what it was told.
    private static int StatusOf(ShopAnswer[] failed) => failed.Max(call => call.Status);

    private bool Fails()
    {
        if (options.FailRatio <= 0)
        {
            return false;
        }

        lock (_chanceLock)
        {
            return _chance.NextDouble() < options.FailRatio;
        }
    }

    private async Task<ShopAnswer> CallAsync(string name, CancellationToken cancel)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"http://{name}/"), cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            var servedBy = response.Headers.TryGetValues(ServedBy.Field, out var values) ? values.First() : "";
            return new ShopAnswer((int)response.StatusCode, servedBy, Prefixed(name, (int)response.StatusCode, body));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return new ShopAnswer(502, "", $"{name}: no answer: {error.GetBaseException().Message}\n");
        }
    }

    private static string Prefixed(string name, int status, string body)
    {
        var text = new StringBuilder();
        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(name).Append(' ').Append(status).Append(": ").Append(line).Append('\n');
        }

        return text.ToString();
    }
}
