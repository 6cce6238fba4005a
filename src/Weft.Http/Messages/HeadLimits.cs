namespace Weft.Http;

/// <summary>The bounds of one message head.</summary>
/// <param name="MaxBytes">The whole head in bytes, first line and final empty line included; at most <see cref="MostBytes"/>.</param>
/// <param name="MaxFields">Field lines; at most 1000.</param>
/// <param name="MaxTargetBytes">The request target in bytes.</param>
public readonly record struct HeadLimits(int MaxBytes, int MaxFields, int MaxTargetBytes)
{
    /// <summary>
    /// The largest <see cref="MaxBytes"/>: a head must lie in one pooled buffer (256 KiB), also when it is sent on with what was added to it.
    /// </summary>
    public const int MostBytes = 192 * 1024;

    public static readonly HeadLimits Default = new(32 * 1024, 100, 8 * 1024);

    private const int MostFields = 1000;

    /// <summary>Returns the limits when they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, or beyond what the parsers are made for.</exception>
    internal static HeadLimits Checked(HeadLimits limits)
    {
        var makesSense =
            limits.MaxBytes is > 0 and <= MostBytes
            && limits.MaxFields is > 0 and <= MostFields
            && limits.MaxTargetBytes > 0;
        return makesSense
            ? limits
            : throw new ArgumentOutOfRangeException(
                nameof(limits),
                limits,
                $"Each limit is positive; MaxBytes is at most {MostBytes} and MaxFields at most {MostFields}."
            );
    }
}
