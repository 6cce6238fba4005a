namespace Weft.Proxy.Tests;

/// <summary>A response as it stood on the wire.</summary>
/// <param name="Status">100 to 599.</param>
/// <param name="Fields">In order, names in lower case.</param>
/// <param name="Body">Decoded; what came of it when it broke off.</param>
/// <param name="IsComplete">False when the connection ended before the body did.</param>
internal sealed record RawResponse(
    int Status,
    IReadOnlyList<(string Name, string Value)> Fields,
    string Body,
    bool IsComplete
)
{
    /// <summary>The value of the only field of this name; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var found = All(name);
            Assert.True(found.Count < 2, $"'{name}' stands {found.Count} times: {string.Join(" | ", found)}");
            return found.Count == 0 ? null : found[0];
        }
    }

    public string? Error => this["weft-error"];

    public IReadOnlyList<string> All(string name) => [.. Fields.Where(f => f.Name == name).Select(f => f.Value)];
}
