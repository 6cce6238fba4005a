namespace Weft.Control;

/// <summary>Nobody has reported anything.</summary>
internal sealed class NoTraffic : ITraffic
{
    public IReadOnlyList<SeenCalls> Calls(string ns, TimeSpan window) => [];
}
