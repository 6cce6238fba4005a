using System.Net;
using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The DNS namer and a name server that is not ours.</summary>
public sealed class DnsmasqTests : IAsyncDisposable
{
    private readonly IPEndPoint _address = FreePort.NextOnLoopback();
    private readonly IDiscoveryNamer _namer;
    private ChildProcess? _server;

    public DnsmasqTests()
    {
        _namer = DnsNamer.Create(
            Naming.Path.Parse("/#/dns"),
            new DnsNamerOptions { Servers = [_address] },
            TimeProvider.System,
            new Random(1)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private void Start(params string[] records) =>
        _server = ChildProcess.Start(
            Tool.Require("dnsmasq"),
            [
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--user=",
                "--group=",
                "--pid-file=",
                "--local=/test/",
                "--local-ttl=1",
                "--auth-ttl=1",
                $"--listen-address={_address.Address}",
                $"--port={_address.Port}",
                .. records,
            ]
        );

    private Task Comes(string path, string endpoints) =>
        Eventually.Is(() => _namer.Ends(path) == endpoints, $"{path} is {endpoints}; {_server?.Errors}");

    [Fact]
    public async Task Addresses_and_services_are_found_and_followed_through_a_restart()
    {
        Tool.Require("dnsmasq");
        // Asked before there is anyone to answer.
        await Eventually.Is(
            () =>
                _namer
                    .Ends("/#/dns/web.test/80")
                    .StartsWith("failed: /#/dns: the name server", StringComparison.Ordinal),
            "the absence of the server is told"
        );
        Start("--host-record=web.test,10.1.0.1,fd00::1", "--srv-host=_http._tcp.web.test,web.test,8080,0,5");
        await Comes("/#/dns/web.test/80", "10.1.0.1:80 [fd00::1]:80");
        await Comes("/#/dns/_http._tcp.web.test", "10.1.0.1:8080*2.5 [fd00::1]:8080*2.5");
        await Comes("/#/dns/nobody.test/80", "~");

        await _server!.DisposeAsync();
        await Eventually.Is(() => _namer.Problems.Count > 0, "the loss of the server is told");
        Assert.Equal("10.1.0.1:80 [fd00::1]:80", _namer.Ends("/#/dns/web.test/80"));

        Start("--host-record=web.test,10.1.0.2");
        await Comes("/#/dns/web.test/80", "10.1.0.2:80");
        await Eventually.Is(() => _namer.Problems.Count == 0, "all is well again");
    }

    [Fact]
    public async Task An_answer_that_is_too_large_for_a_datagram_comes_over_tcp()
    {
        Start([.. Enumerable.Range(1, 200).Select(i => $"--host-record=many.test,10.2.0.{i}")]);
        await Eventually.Is(() => _namer.Ends("/#/dns/many.test/80").Split(' ').Length == 200, "all 200 are found");
    }
}
