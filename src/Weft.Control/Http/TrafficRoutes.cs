using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Resources.Scalars;

namespace Weft.Control;

/// <summary>What proxies reported of their traffic.</summary>
internal sealed class TrafficRoutes(TrafficBoard traffic)
{
    public IReadOnlyList<ApiRoute> All => [new("GET", "/api/v1/namespaces/{ns}/traffic", ReadAsync)];

    private Task ReadAsync(HttpContext context)
    {
        var ns = NamespaceName.Checked((string)context.Request.RouteValues["ns"]!);
        var query = context.Request.Query;
        var info = traffic.Read(ns, WindowOf(query["window"].ToString()), GroupingOf(query["by"].ToString()));
        return Bodies.WriteJsonAsync(context, info, ControlJson.Plain.TrafficInfo);
    }

    private static TimeSpan WindowOf(string text) =>
        text.Length == 0 ? TrafficBoard.DefaultWindow
        : DurationText.TryParse(text, out var window)
        && window >= TrafficBoard.MinWindow
        && window <= TrafficBoard.MaxWindow
            ? window
        : throw RefusedException.BadRequest(
            $"'window' cannot be '{text}': write a duration from 10s to 10m, such as 60s"
        );

    private static TrafficGrouping GroupingOf(string text)
    {
        if (text.Length == 0)
        {
            return TrafficGrouping.All;
        }

        var grouping = TrafficGrouping.None;
        foreach (var word in text.Split(','))
        {
            grouping |= word switch
            {
                "caller" => TrafficGrouping.Caller,
                "service" => TrafficGrouping.Service,
                "route" => TrafficGrouping.Route,
                "client" => TrafficGrouping.Client,
                _ => throw RefusedException.BadRequest(
                    $"'by' cannot be '{text}': write some of caller, service, route and client with commas in between"
                ),
            };
        }

        return grouping;
    }
}
