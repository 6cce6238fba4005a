using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Resources.Scalars;

namespace Weft.Control;

/// <summary>What a change would do to the traffic of the last minutes.</summary>
internal sealed class PreviewRoutes(PreviewService preview)
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);

    /// <summary>What proxies report is kept in steps of so long.</summary>
    private static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(10);

    /// <summary>What proxies report is not kept for longer.</summary>
    private static readonly TimeSpan MaxWindow = TimeSpan.FromMinutes(10);

    public IReadOnlyList<ApiRoute> All => [new("POST", "/api/v1/namespaces/{ns}/preview", PreviewAsync)];

    private async Task PreviewAsync(HttpContext context)
    {
        var window = WindowOf(context.Request.Query["window"].ToString());
        var request = await Bodies.ReadDocumentsAsync(context);
        var ns = (string)context.Request.RouteValues["ns"]!;
        var result = await preview.RunAsync(ns, request, window, context.RequestAborted);
        await Bodies.WriteJsonAsync(context, result, ControlJson.Plain.PreviewResult);
    }

    private static TimeSpan WindowOf(string text) =>
        text.Length == 0 ? DefaultWindow
        : DurationText.TryParse(text, out var window) && window >= MinWindow && window <= MaxWindow ? window
        : throw RefusedException.BadRequest(
            $"'window' cannot be '{text}': write a duration from {DurationText.Show(MinWindow)} to {DurationText.Show(MaxWindow)}, such as 5m"
        );
}
