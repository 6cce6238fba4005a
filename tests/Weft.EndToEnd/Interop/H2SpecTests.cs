using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

/// <summary>
/// The conformance suite for HTTP/2 servers, h2spec. No distribution packages it: these tests run where it is on PATH or the environment variable
/// <c>H2SPEC</c> says where it is, and are skipped elsewhere, in continuous integration too.
/// </summary>
public sealed class H2SpecTests
{
    private const string Program = "h2spec";

    /// <summary>Seconds that h2spec waits for one reaction: much on a busy machine, and little enough to hear of more than one failure.</summary>
    private const string Patience = "4";

    [Fact]
    public async Task the_front_passes_all_146_tests() => await Passes(146, "http2");

    /// <summary>
    /// Where HTTP/1.1 is spoken too, <c>INVALID CONNECTION PREFACE</c> is the first line of a bad request in HTTP/1.1. So the two tests of the preface are
    /// for a listener of HTTP/2 alone.
    /// </summary>
    [Theory]
    [InlineData("auto")]
    [InlineData("http")]
    public async Task a_front_that_speaks_http_1_too_passes_all_but_those_of_the_preface(string protocol) =>
        await Passes(144, protocol, "generic", "hpack", "http2/4", "http2/5", "http2/6", "http2/7", "http2/8");

    /// <summary>Runs it against a proxy with one service behind it.</summary>
    /// <param name="sections">What is tested; none: everything.</param>
    private static async Task Passes(int tests, string protocol, params IEnumerable<string> sections)
    {
        var h2spec = Require();
        using var mesh = new TempMesh();
        await using var upstream = await EchoUpstream.Start("books-1", protocol: HttpProtocols.Http2);
        mesh.Disco("books", upstream.Address);
        // h2spec names the address it connects to as the authority.
        mesh.Dtab("/svc/* => /#/file/books ;");
        mesh.RawConfig(
            $"""
            admin: {mesh.Admin}
            workers: 1
            resources: {mesh.ResourcesFolder}
            listeners:
              - name: outbound
                kind: outbound
                address: {mesh.Outbound}
                protocol: {protocol}
                identifier: host
                dtab: default
            """
        );
        await using var weft = await WeftProcess.Start(mesh);

        var (host, port) = (mesh.Outbound.Address, mesh.Outbound.Port);
        var (_, output, _) = await ChildProcess.Run(
            h2spec,
            ["-h", $"{host}", "-p", $"{port}", "-o", Patience, .. sections]
        );

        var lines = output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        // What failed stands at the end once more, with what was expected.
        var outcome = lines.Skip(Math.Max(0, lines.IndexOf("Failures:")));
        Assert.True(
            lines.LastOrDefault() == $"{tests} tests, {tests} passed, 0 skipped, 0 failed",
            string.Join('\n', outcome)
        );
        // Answers that the proxy makes itself please h2spec as well.
        Assert.True(upstream.Served > 0, "No request got through.");
    }

    private static string Require()
    {
        if (Environment.GetEnvironmentVariable("H2SPEC") is { Length: > 0 } path)
            return path;
        if (Tool.Find(Program) is { } found)
            return found;
        Assert.Skip($"{Program} is neither on PATH nor named by H2SPEC (no distribution packages it)");
        return "";
    }
}
