using System.Text;
using Weft.Discovery.Tests.ZooKeeper;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Whatever a member of a server set writes, it harms no other; and what it said before stays.</summary>
public sealed class ServerSetsHostileTests : ServerSetsNamerTestBase
{
    private const string Bad = "/discovery/prod/web/member_02";

    public static TheoryData<string, byte[], string> Refused =>
        new()
        {
            { "truncated", Text(Member("10.0.0.9", "80")[..^3]), "an answer is not JSON" },
            { "nothing", [], "an answer is not JSON" },
            { "no UTF-8", Nonsense.NoUtf8(Member("10.0.0.9?", "80")), "a text in an answer is no Unicode" },
            {
                "half a character",
                Text(Member("10.0.0.9" + Nonsense.Surrogate, "80")),
                "a text in an answer is no Unicode"
            },
            { "nested", Text(Nonsense.Nested(5000)), "an answer is not JSON" },
            { "a list", Text("[]"), "its 'serviceEndpoint' is not an IP address and a port" },
            {
                "port of another type",
                Text(Member("10.0.0.9", "[80]")),
                "its 'serviceEndpoint' is not an IP address and a port"
            },
            {
                "port out of range",
                Text(Member("10.0.0.9", "65536")),
                "its 'serviceEndpoint' is not an IP address and a port"
            },
            {
                "port beyond numbers",
                Text(Member("10.0.0.9", "1e400")),
                "its 'serviceEndpoint' is not an IP address and a port"
            },
            { "large", Text("{" + Nonsense.Annotation(10 * 1024 * 1024) + "}"), "it has more than 65536 bytes" },
        };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void A_member_that_makes_no_sense_keeps_what_it_said_and_the_others_are_followed(
        string what,
        byte[] data,
        string problem
    )
    {
        Assert.NotEmpty(what);
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", "80"));
        Server.Set(Bad, Member("10.0.0.2", "80"));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Ask(Web));
        Server.Set(Bad, data);
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
        Assert.Equal($"/#/zk: {Bad} is no member: {problem}", Assert.Single(Namer.Problems).ToString());
        Server.Set("/discovery/prod/web/member_03", Member("10.0.0.3", "80"));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", Namer.Ends(Web));
        // Also when everything is read again.
        Server.Stream.Break(new IOException("reset"));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", Namer.Ends(Web));
        Server.Set(Bad, Member("10.0.0.4", "80"));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.3:80 10.0.0.4:80", Namer.Ends(Web));
        Assert.Empty(Namer.Problems);
    }

    [Fact]
    public void Members_with_the_same_address_are_one_endpoint()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", "80"));
        Server.Set(Bad, Member("10.0.0.1", "80"));
        Assert.Equal("10.0.0.1:80*2", Ask(Web));
    }

    [Fact]
    public void A_reply_that_is_too_long_is_read_over_and_harms_only_who_asked_for_it()
    {
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", "80"));
        Server.Set("/discovery/prod/books/member_01", Member("10.0.0.1", "80"));
        Server.Huge.Add("/discovery/prod/books");
        Assert.Equal("10.0.0.1:80", Ask(Web));
        Namer.Ends("/#/zk/prod/books");
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("failed: /#/zk: a reply of ZooKeeper has 178258", Namer.Ends("/#/zk/prod/books"));
        Server.Set(Bad, Member("10.0.0.2", "80"));
        Settle();
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", Namer.Ends(Web));
        Assert.Single(Server.Greetings);
    }

    [Fact]
    public void A_session_that_is_to_be_very_short_is_not_pinged_without_end()
    {
        Server.Granted = 1;
        Server.Set("/discovery/prod/web/member_01", Member("10.0.0.1", "80"));
        Ask(Web);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Server.Pings, 1, 10);
    }

    private static string Member(string host, string port) =>
        $$$"""{"serviceEndpoint":{"host":"{{{host}}}","port":{{{port}}}},"status":"ALIVE"}""";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
