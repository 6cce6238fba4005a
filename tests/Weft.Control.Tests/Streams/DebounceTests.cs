namespace Weft.Control.Tests.Streams;

public sealed class DebounceTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset At(double ms) => Start + TimeSpan.FromMilliseconds(ms);

    [Fact]
    public void a_change_is_told_after_a_moment_of_quiet()
    {
        var debounce = new Debounce();
        Assert.Null(debounce.Due);
        debounce.OnChange(At(0));
        Assert.Equal(At(100), debounce.Due);
        debounce.OnChange(At(60));
        Assert.Equal(At(160), debounce.Due);
        debounce.Clear();
        Assert.Null(debounce.Due);
    }

    [Fact]
    public void changes_without_an_end_are_told_all_the_same()
    {
        var debounce = new Debounce();
        for (var ms = 0; ms <= 1990; ms += 10)
        {
            debounce.OnChange(At(ms));
        }

        Assert.Equal(At(2000), debounce.Due);
    }
}
