using System.Text.RegularExpressions;

namespace Weft.Resources.Tests;

/// <summary>What people copy from the documentation and the examples works.</summary>
public sealed partial class DocumentationTests
{
    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    private static string[] Blocks(string page = "configuration.md") =>
        [
            .. YamlBlock()
                .Matches(File.ReadAllText(Repository.Folder("docs", page)))
                .Select(match => match.Groups[1].Value),
        ];

    [Fact]
    public void The_proxy_file_of_the_documentation_says_the_defaults()
    {
        var text = Assert.Single(Blocks(), b => b.Contains("listeners:", StringComparison.Ordinal));
        var (config, problems) = ProxyConfig.Parse(text, "/docs/proxy.yaml");
        Assert.Empty(problems);
        Assert.Equal(new ProxyConfig { Listeners = config!.Listeners, Resources = "/docs/mesh" }, config);
        var outbound = config.Listeners[0];
        var plain = new ListenerConfig
        {
            Name = "outbound",
            Kind = outbound.Kind,
            Address = outbound.Address,
        };
        Assert.Equal(plain with { Dtab = "default", Identifiers = [new Identifier.Host()] }, outbound);
    }

    [Fact]
    public void What_it_says_of_a_control_plane_is_right()
    {
        const string listener = "listeners: [{name: out, kind: outbound, address: '127.0.0.1:4140'}]\n";
        var blocks = Blocks().Where(b => b.StartsWith("control:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Empty(ProxyConfig.Parse(block + listener, "/docs/proxy.yaml").Problems));
    }

    [Fact]
    public void The_documents_of_the_documentation_are_right_together()
    {
        var documents = Blocks().Where(b => !IsOfTheFile(b)).ToArray();
        var parse = ResourceSet.Parse([("configuration.md", string.Join("---\n", documents))]);
        Assert.Empty(parse.Problems);
        Assert.Equal(7, parse.Set.All.Count);
        Assert.Empty(parse.Warnings);
        Assert.Equal(
            ServiceSpec.Default with
            {
                Timeouts = new TimeoutsSpec
                {
                    Request = TimeSpan.FromSeconds(2),
                    Attempt = TimeSpan.FromMilliseconds(500),
                },
            },
            parse.Set.Services[0].Spec
        );
        var authors = parse.Set.Services[1].Spec;
        Assert.Equal(
            ServiceSpec.Default with
            {
                Retries = new RetriesSpec(),
                Hedge = new HedgeSpec(),
                Breaker = new BreakerSpec { ConsecutiveFailures = 5, SuccessRate = new SuccessRateSpec() },
                Balancer = new BalancerSpec(BalancerKind.RingHash, "cookie:session")
                {
                    SlowStart = TimeSpan.FromSeconds(30),
                    Zones = new ZonesSpec(),
                },
                RateLimit = new RateLimitSpec { Requests = 100 },
                Concurrency = new ConcurrencySpec(),
                HealthCheck = new HealthCheckSpec { Path = "/healthz" },
            },
            authors
        );
    }

    [Fact]
    public void Every_namer_of_the_documentation_is_right()
    {
        var parse = ResourceSet.Parse([("discovery.md", string.Join("---\n", Blocks("discovery.md")))]);
        Assert.Empty(parse.Problems);
        Assert.Empty(parse.Warnings);
        Assert.Equal(["dns", "consul", "serversets", "etcd", "kubernetes"], parse.Set.Namers.Select(n => n.Name));
        Assert.All(parse.Set.Namers, n => Assert.Equal(TimeSpan.FromSeconds(30), n.HoldMassRemoval));
        Assert.All(
            parse.Set.Namers,
            n => Assert.Equal(n.Name == "serversets" ? WhenEmpty.Neg : WhenEmpty.Empty, n.WhenEmpty)
        );
    }

    [Fact]
    public void The_example_of_two_versions_has_neither_problems_nor_warnings()
    {
        var folder = Repository.Folder("examples", "two-versions");
        var file = System.IO.Path.Combine(folder, "proxy.yaml");
        var (config, problems) = ProxyConfig.Parse(File.ReadAllText(file), file);
        Assert.Empty(problems);

        var (texts, unread) = ResourceFolder.Read(config!.Resources!);
        Assert.Empty(unread);
        var parse = ResourceSet.Parse(texts, config);
        Assert.Empty(parse.Problems);
        Assert.Empty(parse.Warnings);
        Assert.NotNull(parse.Set.FindDtab(config.Listeners[0].Dtab!));
        Assert.Equal(
            System.IO.Path.Combine(folder, "disco"),
            Assert.IsType<NamerSpec.Files>(Assert.Single(parse.Set.Namers).Spec).Root
        );
    }

    private static bool IsOfTheFile(string block) =>
        block.Contains("listeners:", StringComparison.Ordinal)
        || block.StartsWith("control:", StringComparison.Ordinal);
}
