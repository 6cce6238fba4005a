using System.Net;

namespace Weft.Discovery.Tests.Consul;

public sealed class ConsulNamerTests : IAsyncDisposable
{
    private const string Web = "/#/consul/dc1/web";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly List<IDiscoveryNamer> _namers = [];
    private IDiscoveryNamer _namer;

    public ConsulNamerTests() => _namer = Create(o => o);

    public async ValueTask DisposeAsync()
    {
        foreach (var namer in _namers)
        {
            await namer.DisposeAsync();
        }
    }

    private IDiscoveryNamer Create(
        Func<ConsulNamerOptions, ConsulNamerOptions> change,
        Func<BackendHttpOptions, BackendHttpOptions>? changeHttp = null
    )
    {
        var http = new BackendHttpOptions { Address = new Uri("http://127.0.0.1:8500") };
        var options = new ConsulNamerOptions { Http = changeHttp?.Invoke(http) ?? http };
        _namer = ConsulNamer.Create(Naming.Path.Parse("/#/consul"), change(options), _http, _time, new Random(1));
        _namers.Add(_namer);
        return _namer;
    }

    private void Ask(string path)
    {
        _namer.Ends(path);
        _time.Advance(0);
    }

    private static string Instance(string address, int port, string status = "passing", string more = "") =>
        $$"""
            {"Node": {"Address": "10.9.9.9"},
             "Service": {"ID": "{{address}}", "Service": "web", "Address": "{{address}}", "Port": {{port}} {{more}}},
             "Checks": [{"CheckID": "serfHealth", "Status": "passing"}, {"CheckID": "c", "Status": "{{status}}"}]}
            """;

    private void Answer(int index, params string[] instances) =>
        _http.Last.Answer($"[{string.Join(",", instances)}]", ("X-Consul-Index", $"{index}"));

    [Fact]
    public void A_service_is_asked_for_and_then_waited_for_by_its_index()
    {
        Assert.Equal("pending", _namer.Name(Web));
        _time.Advance(0);
        Assert.Equal("/v1/health/service/web?dc=dc1&", _http.Last.Url);
        Answer(7, Instance("10.0.0.1", 80));
        Assert.Equal($"{Web} [/x]", _namer.Name(Web + "/x"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        _time.Advance(250);
        Assert.Equal("/v1/health/service/web?dc=dc1&index=7&wait=60000ms&", _http.Last.Url);
        _time.Advance(TimeSpan.FromSeconds(30));
        Answer(8, Instance("10.0.0.1", 80), Instance("10.0.0.2", 80));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends(Web));
        _time.Advance(0);
        Assert.Contains("index=8", _http.Last.Url);
        Assert.Equal(3, _http.Requests.Count);
    }

    [Fact]
    public void An_index_that_goes_back_is_of_a_consul_that_began_anew()
    {
        Ask(Web);
        Answer(700, Instance("10.0.0.1", 80));
        _time.Advance(250);
        Answer(5, Instance("10.0.0.2", 80));
        _time.Advance(250);
        Assert.Equal("/v1/health/service/web?dc=dc1&", _http.Last.Url);
    }

    [Fact]
    public void An_index_of_zero_is_never_waited_for()
    {
        Ask(Web);
        Answer(0);
        _time.Advance(250);
        Assert.Contains("index=1&", _http.Last.Url);
    }

    [Fact]
    public void A_consul_that_answers_without_end_is_asked_four_times_a_second()
    {
        _http.AtOnce = exchange =>
        {
            exchange.Answer("[]", ("X-Consul-Index", $"{_http.Requests.Count}"));
            return true;
        };
        Ask(Web);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(_http.Requests.Count, 40, 42);
    }

    [Fact]
    public void A_service_without_instances_is_neg_and_one_without_healthy_ones_is_empty()
    {
        Ask(Web);
        Answer(1);
        Assert.Equal("~", _namer.Name(Web));
        Assert.Equal("~", _namer.Ends(Web));
        _time.Advance(250);
        Answer(2, Instance("10.0.0.1", 80, "critical"));
        Assert.Equal(Web, _namer.Name(Web));
        Assert.Equal("$", _namer.Ends(Web));
    }

    [Theory]
    [InlineData(new[] { ConsulHealth.Passing }, "10.0.0.1:80")]
    [InlineData(new[] { ConsulHealth.Passing, ConsulHealth.Warning }, "10.0.0.1:80 10.0.0.2:80")]
    [InlineData(new[] { ConsulHealth.Critical }, "10.0.0.3:80")]
    public void Only_instances_in_the_wanted_states_of_health_count(ConsulHealth[] health, string endpoints)
    {
        Create(o => o with { Health = [.. health] });
        Ask(Web);
        Answer(
            1,
            Instance("10.0.0.1", 80),
            Instance("10.0.0.2", 80, "warning"),
            Instance("10.0.0.3", 80, "critical"),
            Instance("10.0.0.4", 80).Replace("\"c\"", "\"_service_maintenance:web\"", StringComparison.Ordinal)
        );
        Assert.Equal(endpoints, _namer.Ends(Web));
    }

    [Fact]
    public void Weights_come_from_tags_then_metadata_then_the_service()
    {
        Create(o => o with { Weights = [("big", 5), ("huge", 10)] });
        Ask(Web);
        Answer(
            1,
            Instance("10.0.0.1", 80, more: """, "Weights": {"Passing": 3, "Warning": 1}"""),
            Instance("10.0.0.2", 80, more: """, "Weights": {"Passing": 3}, "Meta": {"weight": "0.5"}"""),
            Instance("10.0.0.3", 80, more: """, "Meta": {"weight": "0.5"}, "Tags": ["big", "huge"]"""),
            Instance("10.0.0.4", 80, more: """, "Meta": {"weight": "much"}""")
        );
        Assert.Equal("10.0.0.1:80*3 10.0.0.2:80*0.5 10.0.0.3:80*10 10.0.0.4:80", _namer.Ends(Web));
    }

    [Fact]
    public void A_service_without_an_address_of_its_own_has_its_nodes()
    {
        Ask(Web);
        Answer(1, Instance("", 80));
        Assert.Equal("10.9.9.9:80", _namer.Ends(Web));
        Create(o => o with { PreferServiceAddress = false });
        Ask(Web);
        Answer(1, Instance("10.0.0.1", 80));
        Assert.Equal("10.9.9.9:80", _namer.Ends(Web));
    }

    [Fact]
    public void An_instance_that_is_no_endpoint_is_left_out_and_told()
    {
        Ask(Web);
        Answer(1, Instance("10.0.0.1", 80), Instance("db.internal", 80), Instance("10.0.0.3", 0));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal(
            "/#/consul: instance 'db.internal' has the address 'db.internal' and the port 80, which is no endpoint",
            Assert.Single(_namer.Problems).ToString()
        );
    }

    [Theory]
    [InlineData("/#/consul/dc1/web/v2", "dc=dc1&tag=web&", "v2")]
    [InlineData("/#/consul/.local/prod/web", "tag=prod&", "web")]
    public void With_tags_a_name_has_one_between_datacentre_and_service(string path, string query, string service)
    {
        Create(o => o with { IncludeTag = true });
        Assert.Equal("~", _namer.Name(Web));
        Ask(path);
        Assert.Equal($"/v1/health/service/{service}?{query}", _http.Last.Url);
    }

    [Theory]
    [InlineData("/#/consul/dc1/..")]
    [InlineData("/#/consul/dc1/\\x2f\\x2e\\x2e")]
    [InlineData("/#/consul/dc1/\\x00")]
    public void No_name_leads_elsewhere_at_the_agent(string path)
    {
        Assert.StartsWith("failed: ", _namer.Name(path));
        _time.Advance(0);
        Assert.Empty(_http.Requests);
    }

    [Fact]
    public void What_is_special_in_a_url_is_escaped()
    {
        Ask(
            "/#/consul/d\\x26x/w%20b#\\x3fq"
                .Replace("d\\x26x", "\\x64\\x26\\x78")
                .Replace("w%20b#\\x3fq", "\\x77\\x3f\\x71")
        );
        Assert.Equal("/v1/health/service/w%3Fq?dc=d%26x&", _http.Last.Url);
    }

    [Theory]
    [InlineData(
        HttpStatusCode.InternalServerError,
        "No path to datacenter",
        "it answered 500 InternalServerError: No path to datacenter"
    )]
    [InlineData(HttpStatusCode.Forbidden, "", "it answered 403 Forbidden")]
    [InlineData(HttpStatusCode.OK, "{]", "an answer is not JSON")]
    [InlineData(HttpStatusCode.OK, "{}", "an answer of Consul is not a list of instances")]
    [InlineData(HttpStatusCode.OK, "[{}]", "an answer of Consul has an instance without a service")]
    [InlineData(HttpStatusCode.OK, "[7]", "an answer of Consul has an instance without a service")]
    public void An_error_keeps_what_was_known_and_is_told(HttpStatusCode status, string body, string problem)
    {
        Ask(Web);
        _http.Last.Answer(status, body, ("X-Consul-Index", "1"));
        Assert.Equal($"failed: /#/consul: {problem}", _namer.Name(Web));
        _time.Advance(500);
        Answer(1, Instance("10.0.0.1", 80));
        Assert.Empty(_namer.Problems);
        _time.Advance(250);
        _http.Last.Answer(status, body, ("X-Consul-Index", "1"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal($"/#/consul: {problem}", Assert.Single(_namer.Problems).ToString());
    }

    [Fact]
    public void An_answer_without_end_is_cut_off_and_refused()
    {
        Ask(Web);
        var stream = _http.Last.Stream();
        for (var i = 0; i < 20 && !stream.IsDisposed; i++)
        {
            stream.Push(new byte[1024 * 1024]);
        }
        Assert.Equal("failed: /#/consul: an answer is larger than 16777216 bytes", _namer.Name(Web));
    }

    [Fact]
    public void A_consul_that_is_frozen_is_noticed()
    {
        Ask(Web);
        Answer(1, Instance("10.0.0.1", 80));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(_namer.Problems);
        _time.Advance(TimeSpan.FromSeconds(14.1));
        Assert.Equal("/#/consul: no answer came in time", Assert.Single(_namer.Problems).ToString());
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Fact]
    public void With_more_watches_than_connections_they_take_turns()
    {
        Create(o => o, http => http with { MaxConnections = 2 });
        for (var i = 0; i < 3; i++)
        {
            Ask($"/#/consul/dc1/s{i}");
            Answer(1);
        }
        _time.Advance(250);
        Assert.Contains("wait=2000ms", _http.Last.Url);
    }

    [Fact]
    public void The_token_of_the_file_is_sent_as_it_is_now_and_never_told()
    {
        using var folder = new TempFolder();
        var path = folder.Write("token", "s3cret\n");
        Create(o => o with { Consistency = ConsulConsistency.Stale }, http => http with { TokenFile = path });
        Ask(Web);
        Assert.Contains("X-Consul-Token: s3cret", _http.Last.Headers);
        Assert.EndsWith("&stale", _http.Last.Url);
        Answer(1);
        folder.Write("token", "n3w");
        _time.Advance(250);
        Assert.Contains("X-Consul-Token: n3w", _http.Last.Headers);
        folder.Delete("token");
        Answer(2);
        _time.Advance(250);
        Assert.Equal($"/#/consul: the token file {path} cannot be read", Assert.Single(_namer.Problems).ToString());
    }
}
