using Weft.Cli.Control;

namespace Weft.Cli.Checks;

/// <summary>Asks a control plane what checks want to know.</summary>
internal static class ControlInquiry
{
    /// <summary>Looks at its certificate, where it has one, and then asks.</summary>
    /// <param name="address">Where it is, and how it is asked; all namespaces, unless it names one.</param>
    /// <param name="isExpected">False where one is only looked for.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ControlFacts> AskAsync(
        ControlAddress address,
        bool isExpected,
        InquiryOptions options,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var certificate =
            address.Uri.Scheme == Uri.UriSchemeHttps
                ? await CertificateReader.ReadAsync(address.Uri, address.Trust, options, time, stop)
                : null;
        var facts = new ControlFacts(address.Uri, null)
        {
            IsExpected = isExpected,
            Namespace = address.Namespace,
            Certificate = certificate,
        };
        if (certificate?.IsAcceptedAt(time.GetUtcNow()) is false)
        {
            return facts; // No token goes to somebody who may be anybody.
        }

        using var reader = new PageReader(address.Uri, options, time, address.Token, address.Trust);
        var query = address.Namespace is { } ns ? $"?namespace={Uri.EscapeDataString(ns)}" : "";
        var answer = await reader.AskAsync($"/api/v1/status{query}", stop);
        facts = facts with { Answer = answer, Status = WeftPages.Status(answer) };
        if (facts.Status is null)
        {
            return facts;
        }

        var list = await reader.AskAsync("/api/v1/proxies", stop);
        var proxies = WeftPages.Proxies(list);
        return facts with
        {
            Clock = ClockReading.Of((Answer.Page)answer, facts.Status.Time),
            Proxies = proxies is null
                ? null
                : [.. proxies.Where(p => address.Namespace is null || p.Namespace == address.Namespace)],
            Unread = [.. ProxyInquiry.Unread("/api/v1/proxies", list, proxies is not null)],
        };
    }
}
