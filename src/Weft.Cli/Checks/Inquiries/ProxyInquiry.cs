using Weft.Telemetry;

namespace Weft.Cli.Checks;

/// <summary>Asks a proxy what checks want to know.</summary>
internal static class ProxyInquiry
{
    /// <summary>Asks for what it is, and if it is a proxy, for the rest.</summary>
    /// <param name="address">As it was given.</param>
    /// <param name="admin">The same as an address of HTTP.</param>
    /// <param name="isExpected">False where one is only looked for.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ProxyFacts> AskAsync(
        string address,
        Uri admin,
        bool isExpected,
        InquiryOptions options,
        TimeProvider time,
        CancellationToken stop
    )
    {
        using var reader = new PageReader(admin, options, time);
        var config = await reader.AskAsync("/config", stop);
        var facts = new ProxyFacts(address, config) { IsExpected = isExpected, Page = WeftPages.Proxy(config) };
        if (facts.Page is null)
        {
            return facts; // Nobody, or somebody else, whom the other questions would not help.
        }

        var answers = await Task.WhenAll(
            reader.AskAsync("/ready", stop),
            reader.AskAsync("/endpoints", stop),
            reader.AskAsync("/metrics", stop)
        );
        var (clients, numbers) = (WeftPages.Clients(answers[1]), NumbersOf(answers[2]));
        return facts with
        {
            Clock = ClockReading.Of((Answer.Page)config, facts.Page.Process?.Time),
            Ready = answers[0],
            Clients = clients,
            Numbers = numbers,
            Unread =
            [
                .. Unread("/ready", answers[0], answers[0] is Answer.Page),
                .. Unread("/endpoints", answers[1], clients is not null),
                .. Unread("/metrics", answers[2], numbers is not null),
            ],
        };
    }

    /// <summary>Why a page cannot be used, if it cannot.</summary>
    internal static IEnumerable<string> Unread(string page, Answer answer, bool isRead) =>
        isRead ? []
        : answer is Answer.None none ? [$"{page}: {none.Message}"]
        : [$"{page}: what it says is not understood"];

    private static ProxyNumbers? NumbersOf(Answer answer)
    {
        if (answer is not Answer.Page { Status: 200 } page)
        {
            return null;
        }

        try
        {
            var samples = PrometheusText.Parse(page.Text);
            return new ProxyNumbers(
                Value(samples, "weft_discovery_age_seconds"),
                Value(samples, "weft_config_rejected_total"),
                Value(samples, "process_max_fds")
            );
        }
        catch (FormatException)
        {
            return null; // Told as a page that is not understood.
        }
    }

    private static double? Value(IReadOnlyList<MetricSample> samples, string name)
    {
        var found = samples.Where(s => s.Name == name).Select(s => s.Value).ToArray();
        return found.Length == 0 ? null : found.Sum();
    }
}
