using System.Net;
using Weft.Naming;

namespace Weft.Resources.Tests.Proxy;

public sealed class ProxyConfigTests
{
    private const string Smallest = """
        listeners:
          - {name: out, kind: outbound, address: 127.0.0.1:4140}
        """;

    private static ProxyConfig Parse(string text, string file = "/etc/weft/proxy.yaml")
    {
        var (config, problems) = ProxyConfig.Parse(text, file);
        Assert.Empty(problems);
        return config!;
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var config = Parse(Smallest);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:4191"), config.Admin);
        Assert.Equal(0, config.Workers);
        Assert.Null(config.Resources);
        Assert.Equal(TimeSpan.FromSeconds(30), config.Drain);
        Assert.Equal(new LogConfig(LogLevel.Info, LogFormat.Text), config.Log);

        var listener = Assert.Single(config.Listeners);
        Assert.Equal(ListenerProtocol.Auto, listener.Protocol);
        Assert.Equal([new Identifier.Host()], listener.Identifiers);
        Assert.Null(listener.Dtab);
        Assert.Equal([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")], listener.Trust);
        Assert.Equal(new ListenerLimits(32768, 100, 8192, 20_000), listener.Limits);
        Assert.Equal(TimeSpan.FromSeconds(10), listener.Timeouts.Header);
        Assert.Equal(TimeSpan.FromSeconds(60), listener.Timeouts.Idle);
        Assert.Equal(TimeSpan.FromSeconds(10), listener.Timeouts.Detect);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var config = Parse(
            """
            admin: 127.0.0.1:9
            workers: 3
            resources: ./mesh
            drain: 5s
            log: {level: debug, format: json}
            listeners:
              - name: outbound
                kind: outbound
                address: "[::1]:0"
                protocol: http1
                identifier: [header:X-Name, path:2, methodAndHost, host]
                dtab: other
                trust: []
                proxyProtocol: [10.0.0.0/8]
                limits: {headerBytes: 64KiB, headerCount: 50, requestLineBytes: 4096, connections: 10, streams: 7}
                timeouts: {detect: 3s, header: 1s, idle: 2s}
              - {name: db, kind: outbound, address: 127.0.0.1:5432, protocol: tcp, service: db}
              - {name: in, kind: inbound, address: 0.0.0.0:4143, service: web, to: 127.0.0.1:8080}
            """
        );
        Assert.Equal((9, 3, "/etc/weft/mesh"), (config.Admin.Port, config.Workers, config.Resources));
        Assert.Equal(TimeSpan.FromSeconds(5), config.Drain);
        Assert.Equal(new LogConfig(LogLevel.Debug, LogFormat.Json), config.Log);

        var outbound = config.Listeners[0];
        Assert.Equal(ListenerKind.Outbound, outbound.Kind);
        Assert.Equal(IPEndPoint.Parse("[::1]:0"), outbound.Address);
        Assert.Equal(ListenerProtocol.Http1, outbound.Protocol);
        Assert.Equal(
            [
                new Identifier.Header("x-name"),
                new Identifier.PathSegments(2),
                new Identifier.MethodAndHost(),
                new Identifier.Host(),
            ],
            outbound.Identifiers
        );
        Assert.Equal("other", outbound.Dtab);
        Assert.Empty(outbound.Trust);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8")], outbound.ProxyProtocol);
        Assert.Equal(new ListenerLimits(65536, 50, 4096, 10, 7), outbound.Limits);
        Assert.Equal(TimeSpan.FromSeconds(1), outbound.Timeouts.Header);
        Assert.Equal(TimeSpan.FromSeconds(3), outbound.Timeouts.Detect);

        var tcp = config.Listeners[1];
        Assert.Equal((ListenerProtocol.Tcp, "db"), (tcp.Protocol, tcp.Service));

        var inbound = config.Listeners[2];
        Assert.Equal((ListenerKind.Inbound, "web"), (inbound.Kind, inbound.Service));
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:8080"), inbound.To);
        Assert.Empty(inbound.Identifiers);
    }

    [Fact]
    public void A_single_identifier_needs_no_list()
    {
        var config = Parse("listeners: [{name: a, kind: outbound, address: 127.0.0.1:1, identifier: path:3}]");
        Assert.Equal([new Identifier.PathSegments(3)], config.Listeners[0].Identifiers);
    }

    [Theory]
    [InlineData("./mesh", "/etc/weft/mesh")]
    [InlineData("../mesh.yaml", "/etc/mesh.yaml")]
    [InlineData("/var/mesh", "/var/mesh")]
    public void A_relative_path_is_meant_from_the_folder_of_the_file(string path, string expected) =>
        Assert.Equal(expected, Parse($"resources: {path}\n{Smallest}").Resources);

    [Fact]
    public void Two_files_that_say_the_same_are_equal_wherever_the_lines_stand()
    {
        var moved = "# a comment\n\n" + Smallest;
        Assert.Equal(Parse(Smallest), Parse(moved));
        Assert.NotEqual(Parse(Smallest), Parse(Smallest.Replace("4140", "4141", StringComparison.Ordinal)));
        Assert.NotEqual(
            Parse(Smallest),
            Parse(Smallest.Replace("4140}", "4140, trust: []}", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("headerBytes: 192KiB, headerCount: 1000, requestLineBytes: 192KiB", true)]
    [InlineData("headerBytes: 193KiB", false)]
    [InlineData("requestLineBytes: 193KiB", false)]
    [InlineData("headerCount: 1001", false)]
    public void Heads_have_no_larger_bounds_than_can_be_served(string limits, bool isValid)
    {
        var text = Smallest.Replace("4140}", $"4140, limits: {{{limits}}}}}", StringComparison.Ordinal);
        Assert.Equal(isValid, ProxyConfig.Parse(text, "p.yaml").Problems.Count == 0);
    }

    [Fact]
    public void There_is_no_value_when_there_is_a_problem()
    {
        var (config, problems) = ProxyConfig.Parse("nonsense: 1\n" + Smallest, "p.yaml");
        Assert.Null(config);
        Assert.Equal(new Problem("p.yaml", 1, 1, problems[0].Message, problems[0].Remedy), Assert.Single(problems));
    }
}
