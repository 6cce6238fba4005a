namespace Weft.Cli.Checks;

/// <summary>What another clock said while this one went from <see cref="AskedTimes.Asked"/> to <see cref="AskedTimes.Answered"/>.</summary>
/// <param name="Theirs">The other clock, rounded down.</param>
/// <param name="Resolution">To what it was rounded.</param>
/// <param name="Times">This machine's clock.</param>
internal sealed record ClockReading(DateTimeOffset Theirs, TimeSpan Resolution, AskedTimes Times)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The least difference that explains what was read: positive when the other clock is ahead, zero when both may show the same. A slow
    /// answer makes it smaller, never larger.
    /// </summary>
    public TimeSpan Skew =>
        Theirs > Times.Answered ? Theirs - Times.Answered
        : Theirs + Resolution < Times.Asked ? Theirs + Resolution - Times.Asked
        : TimeSpan.Zero;

    /// <summary>The clock that a page's body told, else that of its <c>date</c>; null when it told none.</summary>
    public static ClockReading? Of(Answer.Page page, DateTimeOffset? told) =>
        told is { } exact ? new ClockReading(exact, TimeSpan.Zero, page.Times)
        : page.Date is { } date ? new ClockReading(date, Second, page.Times)
        : null;
}
