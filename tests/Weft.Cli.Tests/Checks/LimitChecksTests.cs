using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class LimitChecksTests
{
    private static string[] Lines(double? maxFiles, int connections = 1000, int workers = 2, int cores = 2) =>
        LimitChecks
            .Of(
                Samples.Mesh(
                    Samples.Proxy with
                    {
                        Numbers = new ProxyNumbers(0, 0, maxFiles),
                        Page = Samples.Page with
                        {
                            Listeners = [new ListenerPage("outbound", "127.0.0.1:4140", connections)],
                            Process = new ProcessPage("0.4.0", null, workers, cores),
                        },
                    }
                )
            )
            .Lines();

    [Theory]
    [InlineData(2256.0, "2256 open files, 2 event loops on 2 cores")]
    [InlineData(double.PositiveInfinity, "open files without limit, 2 event loops on 2 cores")]
    [InlineData(null, "its limit of open files is not known, 2 event loops on 2 cores")]
    public void Enough_is_ok(double? maxFiles, string detail) =>
        Assert.Equal([$"ok proxy 10.0.0.1:4191: {detail}"], Lines(maxFiles));

    [Fact]
    public void A_limit_of_open_files_below_what_listeners_take_is_a_warning() =>
        Assert.Equal(
            [
                "warning proxy 10.0.0.1:4191: 1024 open files are allowed, and 1000 connections at its listeners may need 2256: those beyond it fail",
            ],
            Lines(1024)
        );

    [Fact]
    public void More_loops_than_cores_is_a_warning()
    {
        Assert.Equal(
            ["warning proxy 10.0.0.1:4191: 4 event loops share 2 cores: they take turns, which costs latency"],
            Lines(10_000, workers: 4)
        );
        Assert.StartsWith("ok ", Assert.Single(Lines(10_000, workers: 1, cores: 64)));
    }
}
