namespace Weft.Telemetry.Tests.Metrics;

public class OpenFileLimitTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024.0)]
    [InlineData(
        "Max open files            unlimited            unlimited            files     ",
        double.PositiveInfinity
    )]
    [InlineData("Max open files            many                 many                 files     ", null)]
    [InlineData("Max processes             100                  200                  processes ", null)]
    public void The_limit_in_force_is_the_first_of_the_line(string line, double? limit) =>
        Assert.Equal(
            limit,
            OpenFileLimit.Parse([
                "Limit                     Soft Limit           Hard Limit           Units     ",
                line,
            ])
        );

    [Fact]
    public void On_Linux_this_process_has_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is of Linux");
        Assert.True(OpenFileLimit.Read() > 0);
    }
}
