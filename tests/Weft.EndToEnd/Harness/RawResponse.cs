using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>One HTTP/1.1 response as it came over the wire, nothing normalised.</summary>
/// <param name="Headers">In order, names as sent.</param>
/// <param name="Body">Without its framing.</param>
internal sealed record RawResponse(
    string Version,
    int Status,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[] Body
)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Why a proxy made this response itself; null when it comes from an upstream.</summary>
    public string? WeftError => Header("weft-error");

    /// <summary>Which <see cref="EchoUpstream"/> answered.</summary>
    public string? ServedBy => Header(EchoUpstream.ServedByHeader);

    public bool ClosesConnection =>
        string.Equals(Header("connection"), "close", StringComparison.OrdinalIgnoreCase)
        || (
            Version is "HTTP/1.0"
            && !string.Equals(Header("connection"), "keep-alive", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The value of the only header of that name, null when there is none; two of them fail the test.</summary>
    public string? Header(string name) =>
        Headers.SingleOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    public override string ToString() =>
        $"{Version} {Status} {string.Join(", ", Headers.Select(h => $"{h.Name}: {h.Value}"))} ({Body.Length} bytes)";
}
