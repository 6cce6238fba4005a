using System.Text.RegularExpressions;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed partial class OpenApiTests
{
    [Fact]
    public async Task the_description_names_every_route_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var description = (await server.GetAsync("/openapi.json")).Json;
        var described = description["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}"));
        var served = server.Server.Routes.Select(r => $"{r.Method} {CatchAll().Replace(r.Pattern, "{$1}")}");
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task every_reference_in_the_description_leads_to_a_schema()
    {
        await using var server = await TestServer.StartAsync();
        var text = (await server.GetAsync("/openapi.json")).Text;
        var schemas = (await server.GetAsync("/openapi.json")).Json["components"]!["schemas"]!.AsObject();
        Assert.All(Reference().Matches(text), m => Assert.True(schemas.ContainsKey(m.Groups[1].Value), m.Value));
    }

    [GeneratedRegex(@"\{\*\*(\w+)\}")]
    private static partial Regex CatchAll();

    [GeneratedRegex("#/components/schemas/(\\w+)")]
    private static partial Regex Reference();
}
