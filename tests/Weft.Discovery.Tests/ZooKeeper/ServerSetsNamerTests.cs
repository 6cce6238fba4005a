namespace Weft.Discovery.Tests.ZooKeeper;

public sealed class ServerSetsNamerTests : IAsyncDisposable
{
    private const string Web = "/#/zk/prod/web";

    private readonly VirtualTime _time = new();
    private readonly ScriptedZooKeeper _server = new();
    private readonly IDiscoveryNamer _namer;

    public ServerSetsNamerTests() =>
        _namer = ServerSetsNamer.Create(
            Naming.Path.Parse("/#/zk"),
            new ServerSetsOptions { Servers = [("zk", 2181)], Root = "/discovery" },
            _server.Connect,
            _time,
            new Random(1)
        );

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private string Ask(string path)
    {
        for (var i = 0; i < 8 && _namer.Name(path) == "pending"; i++)
        {
            _time.Advance(0);
        }
        return _namer.Ends(path);
    }

    private static string Member(string host, int port, string more = "") =>
        $$"""{"serviceEndpoint": {"host": "{{host}}", "port": {{port}}}, "status": "ALIVE" {{more}}}""";

    private void Settle() => _time.Advance(100);

    [Fact]
    public void Members_are_endpoints_and_come_and_go()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        _server.Set("/discovery/prod/web/other", "not JSON");
        Assert.Equal("10.0.0.1:80", Ask(Web));
        Ask(Web + "/x");
        Assert.Equal($"{Web} [/x]", _namer.Name(Web + "/x"));
        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends(Web));
        _server.Delete("/discovery/prod/web/member_01");
        Settle();
        Assert.Equal("10.0.0.2:80", _namer.Ends(Web));
    }

    [Fact]
    public void Only_members_that_are_new_or_have_changed_are_read()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Ask(Web);
        _server.Requests.Clear();
        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 81));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:81", _namer.Ends(Web));
        Assert.Equal(["getChildren /discovery/prod/web", "getData /discovery/prod/web/member_02"], _server.Requests);
    }

    [Fact]
    public void A_member_that_is_not_alive_does_not_count()
    {
        var member = Member("10.0.0.1", 80);
        _server.Set("/discovery/prod/web/member_01", member.Replace("ALIVE", "STOPPING", StringComparison.Ordinal));
        Assert.Equal("$", Ask(Web));
        _server.Set("/discovery/prod/web/member_01", member);
        Settle();
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Fact]
    public void Other_endpoints_of_the_members_are_named_after_a_colon()
    {
        _server.Set(
            "/discovery/prod/web/member_01",
            Member(
                "10.0.0.1",
                80,
                """, "shard": 3, "additionalEndpoints": {"admin": {"host": "10.0.0.1", "port": 9990}}"""
            )
        );
        Assert.Equal("10.0.0.1:9990", Ask(Web + ":admin"));
        Assert.Equal(Web + ":admin", _namer.Name(Web + ":admin"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Ask(Web + ":nothing");
        Assert.Equal("~", _namer.Name(Web + ":nothing"));
        Assert.Single(_server.Requests, "getChildren /discovery/prod/web");
        var known = Assert.IsType<Naming.EndpointSet.Known>(_namer.Endpoints(Naming.Path.Parse(Web)));
        Assert.Equal("3", known.Endpoints[0].Metadata["shard"]);
    }

    [Fact]
    public void A_node_that_is_not_there_is_neg_until_it_comes()
    {
        Ask(Web);
        Assert.Equal("~", _namer.Name(Web));
        _server.Set("/discovery/prod/web", "");
        Settle();
        Assert.Equal("$", _namer.Ends(Web));
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Settle();
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        _server.Delete("/discovery/prod/web/member_01");
        _server.Delete("/discovery/prod/web");
        Settle();
        Assert.Equal("~", _namer.Ends(Web));
    }

    [Fact]
    public void A_node_on_the_way_to_others_is_no_service()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Assert.Equal("~", Ask("/#/zk/prod"));
        Ask("/#/zk/prod/books");
        Assert.Equal("~", _namer.Name("/#/zk/prod/books"));
    }

    [Fact]
    public void A_connection_that_is_lost_keeps_what_was_known_and_the_session_goes_on()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _server.IsDown = true;
        _server.Stream.Break(new IOException("reset"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("/#/zk: reset", Assert.Single(_namer.Problems).ToString());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("/#/zk: no route to host", Assert.Single(_namer.Problems).ToString());

        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        _server.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
        Assert.Equal(["0 zxid 0", "1001 zxid 104"], _server.Greetings);
    }

    [Fact]
    public void Names_are_read_again_as_soon_as_there_is_a_connection()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _server.IsDown = true;
        _server.Stream.Break(new IOException("reset"));
        _time.Advance(TimeSpan.FromMinutes(5));
        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        _server.IsDown = false;
        for (var i = 0; i < 160 && _server.Greetings.Count < 2; i++)
        {
            _time.Advance(100);
        }
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void A_session_that_has_expired_is_begun_anew()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _server.ForgetsSessions = true;
        _server.Stream.Break(new IOException("reset"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("expired", _server.Greetings[1]);
        Assert.StartsWith("0 ", _server.Greetings[2]);
        _server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends(Web));
    }

    [Fact]
    public void An_ensemble_that_has_lost_its_memory_is_followed_after_a_few_refusals()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _server.Empty();
        _server.Stream.Break(new IOException("reset"));
        _time.Advance(600);
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("~", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void A_server_that_is_frozen_is_noticed_by_its_silence()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(_server.Pings, 19, 20);
        Assert.Empty(_namer.Problems);
        _server.IsFrozen = true;
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("/#/zk: no answer came in time", Assert.Single(_namer.Problems).ToString());
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Fact]
    public void A_server_that_is_not_there_yet_fails_names_and_is_tried_again()
    {
        _server.IsDown = true;
        Assert.Equal("failed: /#/zk: no route to host", Ask(Web));
        _server.IsDown = false;
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Theory]
    [InlineData("{]", "an answer is not JSON")]
    [InlineData("{}", "its 'serviceEndpoint' is not an IP address and a port")]
    [InlineData(
        """{"serviceEndpoint": {"host": "db", "port": 80}}""",
        "its 'serviceEndpoint' is not an IP address and a port"
    )]
    public void A_member_that_makes_no_sense_is_told_and_the_others_count(string data, string problem)
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        _server.Set("/discovery/prod/web/member_02", data);
        Assert.Equal("10.0.0.1:80", Ask(Web));
        Assert.Equal(
            $"/#/zk: /discovery/prod/web/member_02 is no member: {problem}",
            Assert.Single(_namer.Problems).ToString()
        );
    }

    [Fact]
    public void Bytes_that_are_no_protocol_end_the_connection_and_no_more()
    {
        _server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        _server.Stream.Push(0x7f, 0xff, 0xff, 0xff);
        Assert.Equal(
            "/#/zk: a reply of ZooKeeper has 2147483647 bytes, which cannot be",
            Assert.Single(_namer.Problems).ToString()
        );
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_namer.Problems);
    }
}
