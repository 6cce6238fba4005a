using System.Diagnostics;
using System.Text;

namespace Weft.Http.Tests.Http2.Interop;

/// <summary>Clients that others wrote, where they are installed.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task Curl_gets_and_posts_with_prior_knowledge()
    {
        await using var server = new Http2TestServer();
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[5_000_000], TestContext.Current.CancellationToken);
        var output = await RunAsync(
            "curl",
            $"-sS --http2-prior-knowledge --data-binary @{file} http://{server.EndPoint}/"
        );
        File.Delete(file);
        Assert.Equal("5000000", output);
    }

    [Fact]
    public async Task Nghttp_is_served_many_requests_with_trailers_and_priorities()
    {
        await using var server = new Http2TestServer();
        var output = await RunAsync(
            "nghttp",
            $"-n -m 50 --trailer grpc-status:0 -d /etc/hostname -v http://{server.EndPoint}/x"
        );
        Assert.Equal(50, output.Split(":status: 200").Length - 1);
        Assert.Equal(50, server.Requests.Count);
    }

    [Fact]
    public async Task H2load_gets_every_answer()
    {
        await using var server = new Http2TestServer(async e =>
            _ = await e.RespondAsync(200, Http2TestServer.Text, Encoding.ASCII.GetBytes("hello"))
        );
        var output = await RunAsync("h2load", $"-n 20000 -c 16 -m 32 http://{server.EndPoint}/index");
        Assert.Contains("20000 succeeded, 0 failed, 0 errored", output, StringComparison.Ordinal);
    }

    /// <summary>
    /// h2spec with the tests that it calls strict. No distribution packages it: H2SPEC says where it is. That nothing is left over after all that it sends is
    /// checked when the server is disposed.
    /// </summary>
    [Fact]
    public async Task H2spec_finds_nothing_wrong_and_leaves_nothing_behind()
    {
        // Tests of flow control need a body of some length.
        await using var server = new Http2TestServer(async exchange =>
        {
            BodyChunk chunk;
            do
            {
                chunk = await exchange.RequestBody.ReadAsync();
            } while (chunk is { IsLast: false, IsFailed: false });
            _ = !chunk.IsFailed && await exchange.RespondAsync(200, Http2TestServer.Text, "hello"u8.ToArray());
        });
        var tool = Environment.GetEnvironmentVariable("H2SPEC") is { Length: > 0 } path ? path : "h2spec";
        var output = await RunAsync(tool, $"-h 127.0.0.1 -p {server.EndPoint.Port} --strict");
        Assert.EndsWith("147 tests, 147 passed, 0 skipped, 0 failed", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string tool, string arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not installed.");
            return "";
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process
                .StandardOutput.ReadToEndAsync()
                .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
            Assert.Equal("", await errors);
            return output;
        }
    }
}
