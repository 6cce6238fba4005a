using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Api.Documents;

namespace Weft.Cli.Checks;

/// <summary>Reads what Weft's programs answer. Nothing that comes in makes it fail: what is not whole counts as not ours.</summary>
internal static class WeftPages
{
    private const int Ok = 200;

    private const int NotFound = 404;

    /// <summary>A proxy's <c>/config</c>; null when it is none.</summary>
    public static ProxyPage? Proxy(Answer answer) =>
        Read(answer, AdminPages.Default.ProxyPage) is { Version: not null, Listeners: not null } page
        && IsWhole(page.Listeners)
        && IsWhole(page.Documents)
        && IsWhole(page.Warnings)
        && IsWhole(page.Problems)
        && AreNamers(page.Namers)
            ? page
            : null;

    /// <summary>A proxy's <c>/endpoints</c>; null when it is none.</summary>
    public static IReadOnlyList<ClientPage>? Clients(Answer answer) =>
        Read(answer, AdminPages.Default.ClientPageArray) is { } clients
        && IsWhole(clients)
        && Array.TrueForAll(clients, c => IsWhole(c.Endpoints))
            ? clients
            : null;

    /// <summary>A control plane's status; null when it is none.</summary>
    public static ControlStatus? Status(Answer answer) =>
        Read(answer, ControlJson.Plain.ControlStatus) is { Store: not null, Namespaces: not null } status
        && IsWhole(status.Namespaces)
        && status.Namespaces.All(n => IsWhole(n.Errors) && IsWhole(n.Warnings) && AreNamers(n.Namers))
            ? status
            : null;

    /// <summary>The proxies that are connected to a control plane; null when the answer does not list them.</summary>
    public static IReadOnlyList<ProxyInfo>? Proxies(Answer answer) =>
        Read(answer, ControlJson.Plain.ProxyList) is { Proxies: { } proxies }
        && IsWhole(proxies)
        && proxies.All(p => IsWhole(p.Refused))
            ? proxies
            : null;

    /// <summary>Why a control plane refuses to answer; null when it is none that does.</summary>
    public static ErrorInfo? Error(Answer.Page page) =>
        page.Status != Ok
        && Parse(page.Text, ControlJson.Plain.ErrorInfo) is { Error: not null, Message: not null } error
            ? error
            : null;

    /// <summary>Whether a proxy's admin server says that it does not know the page.</summary>
    public static bool IsAdmin(Answer.Page page) =>
        page.Status == NotFound && page.Text.StartsWith("/live /ready /metrics", StringComparison.Ordinal);

    private static bool AreNamers(IReadOnlyList<NamerInfo>? namers) =>
        IsWhole(namers) && (namers?.All(n => IsWhole(n.Problems)) ?? true);

    /// <summary>A list that is not there is whole; one with holes is of somebody else.</summary>
    private static bool IsWhole<T>(IReadOnlyList<T>? list)
        where T : class => list?.All(item => item is not null) ?? true;

    private static T? Read<T>(Answer answer, JsonTypeInfo<T> type)
        where T : class => answer is Answer.Page { Status: Ok } page ? Parse(page.Text, type) : null;

    private static T? Parse<T>(string text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null; // Of somebody else, or of another version: whoever asked says so.
        }
    }
}
