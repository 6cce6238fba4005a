using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class PortChecksTests
{
    private static readonly Answer Refused = new Answer.None(Silence.Refused, "nobody listens there");

    private static ProxyFacts Proxy(Answer answer, bool isExpected = true) =>
        new("10.0.0.1:4191", answer) { IsExpected = isExpected };

    private static ControlFacts Control(Answer answer, bool isExpected = true) =>
        new(new Uri("http://10.0.0.9:4190"), answer) { IsExpected = isExpected };

    private static Answer.Page Page(int status, string text) => new(status, text, Samples.Times);

    private static string[] Lines(params object[] targets) => PortChecks.Of(Samples.Mesh(targets)).Lines();

    [Fact]
    public void What_is_there_is_ok() =>
        Assert.Equal(
            ["ok proxy 10.0.0.1:4191: a proxy answers", "ok control 10.0.0.9:4190: a control plane answers"],
            Lines(Samples.Proxy, Samples.Control)
        );

    [Theory]
    [InlineData("Refused", "start the proxy")]
    [InlineData("Slow", "frozen")]
    [InlineData("NotHttp", "something else has that port")]
    [InlineData("TooLong", "something else has that port")]
    [InlineData("Tls", "--ca-file")]
    [InlineData("Unreachable", "network")]
    public void A_target_that_does_not_answer_is_an_error_with_a_remedy_of_its_own(string why, string remedy)
    {
        var answer = new Answer.None(Enum.Parse<Silence>(why), "no answer");

        var finding = Assert.Single(PortChecks.Of(Samples.Mesh(Proxy(answer))));

        Assert.Equal((FindingStatus.Error, "no answer"), (finding.Status, finding.Detail));
        Assert.Contains(remedy, finding.Remedy);
    }

    [Fact]
    public void Somebody_else_is_told_from_a_proxy()
    {
        Assert.Equal(
            ["error proxy 10.0.0.1:4191: what answers there (HTTP 200) is no proxy of Weft, or one of another version"],
            Lines(Proxy(Page(200, "<html>")))
        );
        Assert.Equal(
            ["error proxy 10.0.0.1:4191: a control plane answers there, and no proxy"],
            Lines(Proxy(Page(404, """{"error": "not-found", "message": "there is nothing at /config"}""")))
        );
        Assert.Equal(
            ["error proxy 10.0.0.1:4191: a listener of a proxy answers there, one for traffic"],
            Lines(Proxy(Page(503, "no binding") with { IsProxyError = true }))
        );
    }

    [Fact]
    public void Somebody_else_is_told_from_a_control_plane()
    {
        Assert.Equal(
            ["error control 10.0.0.9:4190: a proxy answers there, and no control plane"],
            Lines(Control(Page(404, "/live /ready /metrics /config\n")))
        );
        Assert.Equal(
            ["error control 10.0.0.9:4190: a control plane of an older version answers there"],
            Lines(Control(Page(404, """{"error": "not-found", "message": "there is nothing there"}""")))
        );
        Assert.Equal(
            ["error control 10.0.0.9:4190: it needs a token"],
            Lines(Control(Page(401, """{"error": "unauthenticated", "message": "it needs a token"}""")))
        );
    }

    [Fact]
    public void What_is_only_looked_for_may_be_missing_as_long_as_something_is_there()
    {
        Assert.Equal(
            [
                "ok proxy 10.0.0.1:4191: there is no proxy at the usual address",
                "ok control 10.0.0.9:4190: a control plane answers",
            ],
            Lines(Proxy(Refused, isExpected: false), Samples.Control with { IsExpected = false })
        );
        Assert.Equal(
            ["error this machine: there is no proxy at 10.0.0.1:4191 and no control plane at 10.0.0.9:4190"],
            Lines(Proxy(Refused, isExpected: false), Control(Refused, isExpected: false))
        );
    }

    [Fact]
    public void That_somebody_else_has_a_usual_address_is_a_warning_and_that_a_program_is_frozen_there_an_error()
    {
        Assert.StartsWith("warning ", Lines(Proxy(Page(200, "x"), isExpected: false), Samples.Control)[0]);
        Assert.StartsWith(
            "error ",
            Lines(Proxy(new Answer.None(Silence.Slow, "late"), isExpected: false), Samples.Control)[0]
        );
    }

    [Fact]
    public void A_control_plane_whose_certificate_is_not_accepted_is_not_asked() =>
        Assert.Equal(
            ["ok control 10.0.0.9:4190: TLS is spoken; it is not asked, because of its certificate"],
            Lines(new ControlFacts(new Uri("https://10.0.0.9:4190"), null))
        );

    [Fact]
    public void A_page_that_cannot_be_had_is_a_warning() =>
        Assert.Equal(
            [
                "ok proxy 10.0.0.1:4191: a proxy answers",
                "warning proxy 10.0.0.1:4191: /metrics: late; what it would say is not checked",
            ],
            Lines(Samples.Proxy with { Unread = ["/metrics: late"] })
        );

    [Fact]
    public void Addresses_of_a_file_are_free_or_it_is_said_what_keeps_them()
    {
        var file = new FileFacts("proxy.yaml");
        var admin = new AddressFacts("admin", new(System.Net.IPAddress.Loopback, 4191), null);

        Assert.Equal(["ok file proxy.yaml: its address is free"], Lines(file with { Addresses = [admin] }));
        Assert.Equal(
            [
                "error file proxy.yaml: 'admin': 127.0.0.1:4191 is in use",
                "error file proxy.yaml: 'web': 127.0.0.1:4191 may not be listened on by this user",
            ],
            Lines(
                file with
                {
                    Addresses =
                    [
                        admin with
                        {
                            Trouble = AddressTrouble.InUse,
                        },
                        admin with
                        {
                            Name = "web",
                            Trouble = AddressTrouble.NotAllowed,
                        },
                    ],
                }
            )
        );
    }
}
