namespace Weft.Http;

/// <summary>The bounds of one message head.</summary>
/// <param name="MaxBytes">The whole head in bytes, first line and final empty line included.</param>
/// <param name="MaxFields">Field lines; at most 1000.</param>
/// <param name="MaxTargetBytes">The request target in bytes.</param>
public readonly record struct HeadLimits(int MaxBytes, int MaxFields, int MaxTargetBytes)
{
    public static readonly HeadLimits Default = new(32 * 1024, 100, 8 * 1024);
}
