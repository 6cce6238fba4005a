namespace Weft.Discovery.Tests.ZooKeeper;

public sealed class ServerSetsNamerTests : ServerSetsNamerTestBase
{
    private static string Member(string host, int port, string more = "") =>
        $$"""{"serviceEndpoint": {"host": "{{host}}", "port": {{port}}}, "status": "ALIVE" {{more}}}""";

    [Fact]
    public void Members_are_endpoints_and_come_and_go()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Server.Set("/discovery/prod/web/other", "not JSON");
        Assert.Equal("10.0.0.1:80", Ask(Web));
        Ask(Web + "/x");
        Assert.Equal($"{Web} [/x]", Namer.Name(Web + "/x"));
        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
        Server.Delete("/discovery/prod/web/member_01");
        Settle();
        Assert.Equal("10.0.0.2:80", Namer.Ends(Web));
    }

    [Fact]
    public void Only_members_that_are_new_or_have_changed_are_read()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Ask(Web);
        Server.Requests.Clear();
        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 81));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:81", Namer.Ends(Web));
        Assert.Equal(["getChildren /discovery/prod/web", "getData /discovery/prod/web/member_02"], Server.Requests);
    }

    [Fact]
    public void A_member_that_is_not_alive_does_not_count()
    {
        var member = Member("10.0.0.1", 80);
        Server.Set("/discovery/prod/web/member_01", member.Replace("ALIVE", "STOPPING", StringComparison.Ordinal));
        Assert.Equal("$", Ask(Web));
        Server.Set("/discovery/prod/web/member_01", member);
        Settle();
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
    }

    [Fact]
    public void Other_endpoints_of_the_members_are_named_after_a_colon()
    {
        Server.Set(
            "/discovery/prod/web/member_01",
            Member(
                "10.0.0.1",
                80,
                """, "shard": 3, "additionalEndpoints": {"admin": {"host": "10.0.0.1", "port": 9990}}"""
            )
        );
        Assert.Equal("10.0.0.1:9990", Ask(Web + ":admin"));
        Assert.Equal(Web + ":admin", Namer.Name(Web + ":admin"));
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Ask(Web + ":nothing");
        Assert.Equal("~", Namer.Name(Web + ":nothing"));
        Assert.Single(Server.Requests, "getChildren /discovery/prod/web");
        var known = Assert.IsType<Naming.EndpointSet.Known>(Namer.Endpoints(Naming.Path.Parse(Web)));
        Assert.Equal("3", known.Endpoints[0].Metadata["shard"]);
    }

    [Fact]
    public void A_node_that_is_not_there_is_neg_until_it_comes()
    {
        Ask(Web);
        Assert.Equal("~", Namer.Name(Web));
        Server.Set("/discovery/prod/web", "");
        Settle();
        Assert.Equal("$", Namer.Ends(Web));
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Settle();
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Server.Delete("/discovery/prod/web/member_01");
        Server.Delete("/discovery/prod/web");
        Settle();
        Assert.Equal("~", Namer.Ends(Web));
    }

    [Fact]
    public void A_node_on_the_way_to_others_is_no_service()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Assert.Equal("~", Ask("/#/zk/prod"));
        Ask("/#/zk/prod/books");
        Assert.Equal("~", Namer.Name("/#/zk/prod/books"));
    }

    [Fact]
    public void A_connection_that_is_lost_keeps_what_was_known_and_the_session_goes_on()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Server.IsDown = true;
        Server.Stream.Break(new IOException("reset"));
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Assert.Equal("/#/zk: reset", Assert.Single(Namer.Problems).ToString());
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Assert.Equal("/#/zk: no route to host", Assert.Single(Namer.Problems).ToString());

        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Server.IsDown = false;
        Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
        Assert.Empty(Namer.Problems);
        Assert.Equal(["0 zxid 0", "1001 zxid 104"], Server.Greetings);
    }

    [Fact]
    public void Names_are_read_again_as_soon_as_there_is_a_connection()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Server.IsDown = true;
        Server.Stream.Break(new IOException("reset"));
        Time.Advance(TimeSpan.FromMinutes(5));
        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Server.IsDown = false;
        for (var i = 0; i < 160 && Server.Greetings.Count < 2; i++)
        {
            Time.Advance(100);
        }
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
        Assert.Empty(Namer.Problems);
    }

    [Fact]
    public void A_session_that_has_expired_is_begun_anew()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Server.ForgetsSessions = true;
        Server.Stream.Break(new IOException("reset"));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("expired", Server.Greetings[1]);
        Assert.StartsWith("0 ", Server.Greetings[2]);
        Server.Set("/discovery/prod/web/member_02", Member("10.0.0.2", 80));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
    }

    [Fact]
    public void An_ensemble_that_has_lost_its_memory_is_followed_after_a_few_refusals()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Server.Empty();
        Server.Stream.Break(new IOException("reset"));
        Time.Advance(600);
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("~", Namer.Ends(Web));
        Assert.Empty(Namer.Problems);
    }

    [Fact]
    public void A_server_that_is_frozen_is_noticed_by_its_silence()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(Server.Pings, 19, 20);
        Assert.Empty(Namer.Problems);
        Server.IsFrozen = true;
        Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("/#/zk: no answer came in time", Assert.Single(Namer.Problems).ToString());
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
    }

    [Fact]
    public void A_server_that_is_not_there_yet_fails_names_and_is_tried_again()
    {
        Server.IsDown = true;
        Assert.Equal("failed: /#/zk: no route to host", Ask(Web));
        Server.IsDown = false;
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
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
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Server.Set("/discovery/prod/web/member_02", data);
        Assert.Equal("10.0.0.1:80", Ask(Web));
        Assert.Equal(
            $"/#/zk: /discovery/prod/web/member_02 is no member: {problem}",
            Assert.Single(Namer.Problems).ToString()
        );
    }

    [Fact]
    public void Bytes_that_are_no_protocol_end_the_connection_and_no_more()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", 80));
        Ask(Web);
        Server.Stream.Push(0x7f, 0xff, 0xff, 0xff);
        Assert.Equal(
            "/#/zk: a reply of ZooKeeper has 2147483647 bytes, which cannot be",
            Assert.Single(Namer.Problems).ToString()
        );
        Assert.Equal("10.0.0.1:80", Namer.Ends(Web));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(Namer.Problems);
    }
}
