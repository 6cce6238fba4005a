namespace Weft.Proxy;

/// <summary>The two parts of a request's path and query.</summary>
internal readonly ref struct TargetParts
{
    public TargetParts(ReadOnlySpan<byte> target)
    {
        var mark = target.IndexOf((byte)'?');
        Path = mark < 0 ? target : target[..mark];
        Query = mark < 0 ? default : target[(mark + 1)..];
    }

    public ReadOnlySpan<byte> Path { get; }

    /// <summary>What follows the question mark; empty too when there is none.</summary>
    public ReadOnlySpan<byte> Query { get; }
}
