using Weft.Api.Documents;
using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

/// <summary>A healthy proxy and a healthy control plane, for tests to make ill.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static readonly AskedTimes Times = new(Now, Now);

    public static ProxyPage Page =>
        new()
        {
            Version = 1,
            Process = new ProcessPage("0.4.0+abc", Now, 2, 2),
            Listeners = [new ListenerPage("outbound", "127.0.0.1:4140", 100)],
            Documents = [new DocumentPage("Dtab", "default")],
            Namers = [],
            Warnings = [],
            Problems = [],
        };

    public static ProxyFacts Proxy =>
        new("10.0.0.1:4191", new Answer.Page(200, "{}", Times))
        {
            Page = Page,
            Clock = new ClockReading(Now, TimeSpan.Zero, Times),
            Ready = new Answer.Page(200, "ready\n", Times),
            Clients = [],
            Numbers = new ProxyNumbers(0, 0, 1024),
        };

    public static NamespaceStatus Namespace =>
        new()
        {
            Name = "default",
            Revision = 7,
            Documents = 3,
            ErrorCount = 0,
            WarningCount = 0,
            Errors = [],
            Warnings = [],
            Namers = [],
        };

    public static ControlStatus Status =>
        new()
        {
            Version = "0.4.0+abc",
            Time = Now,
            StartedAt = Now,
            Store = new StoreInfo("embedded", StoreInfo.Ok, 7),
            Namespaces = [Namespace],
        };

    public static ControlFacts Control =>
        new(new Uri("http://10.0.0.9:4190"), new Answer.Page(200, "{}", Times))
        {
            Status = Status,
            Clock = new ClockReading(Now, TimeSpan.Zero, Times),
            Proxies = [],
        };

    public static ProxyInfo Connected =>
        new()
        {
            Id = "web-1:4191",
            Version = "0.4.0+abc",
            Namespace = "default",
            ConnectedAt = Now,
            HeardAt = Now,
            Subscriptions = 0,
            Sent = 5,
            Acknowledged = 5,
            Refused = [],
        };

    public static MeshFacts Mesh(params object[] targets) =>
        new()
        {
            Version = "0.4.0+abc",
            Now = Now,
            Proxies = [.. targets.OfType<ProxyFacts>()],
            Controls = [.. targets.OfType<ControlFacts>()],
            Files = [.. targets.OfType<FileFacts>()],
        };

    /// <summary>Each finding as <c>status target: detail</c>.</summary>
    public static string[] Lines(this IEnumerable<Finding> findings) =>
        [.. findings.Select(f => $"{CheckText.WordOf(f.Status)} {f.Target}: {f.Detail}")];
}
