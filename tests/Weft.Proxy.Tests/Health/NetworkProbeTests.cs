using System.Net;
using System.Net.Sockets;
using Weft.Http.Tests.Http2;
using Weft.Resources;

namespace Weft.Proxy.Tests;

/// <summary>One look at an endpoint over the network.</summary>
public class NetworkProbeTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData(200, null)]
    [InlineData(204, null)]
    [InlineData(503, "it answered 503 and not 2xx")]
    [InlineData(302, "it answered 302 and not 2xx")] // Not followed: another place's health says nothing of this one.
    public async Task A_path_is_answered_with_a_status(int status, string? why)
    {
        using var upstream = Answering(status);

        var result = await ProbeAsync(Http(upstream.Address));

        Assert.Equal(
            (why is null ? HealthOutcome.Success : HealthOutcome.WrongAnswer, why),
            (result.Outcome, result.Why)
        );
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal("GET /healthz?full=1 HTTP/1.1", seen.Line);
        Assert.Equal(upstream.Address.ToString(), seen["host"]);
    }

    [Fact]
    public async Task Other_statuses_may_be_expected()
    {
        using var upstream = Answering(429);
        var spec = Spec(HealthCheckKind.Http) with { Expect = [new(200, 299), new(429, 429)] };

        Assert.Equal(HealthResult.Success, await ProbeAsync(Target(upstream.Address, spec)));
    }

    [Fact]
    public async Task Each_check_is_made_on_a_connection_of_its_own()
    {
        using var upstream = Answering(200);

        await ProbeAsync(Http(upstream.Address));
        await ProbeAsync(Http(upstream.Address));

        Assert.Equal(2, upstream.Accepted);
    }

    [Fact]
    public async Task Who_is_known_to_speak_HTTP_2_is_asked_in_it()
    {
        using var upstream = Http2Upstream.Answering();

        var result = await ProbeAsync(Http(upstream.Address) with { Protocol = EndpointProtocol.Http2 });

        Assert.Equal(HealthResult.Success, result);
        Assert.Contains((":path", "/healthz?full=1"), Assert.Single(upstream.Requests));
    }

    [Theory]
    [InlineData(HealthCheckKind.Http)]
    [InlineData(HealthCheckKind.Grpc)]
    [InlineData(HealthCheckKind.Tcp)]
    public async Task Nobody_there_is_a_refused_connection(HealthCheckKind kind)
    {
        var result = await ProbeAsync(Target(FilesProxy.FreeAddress(), Spec(kind)));

        Assert.Equal(new HealthResult(HealthOutcome.ConnectFailed, "connection refused"), result);
    }

    [Theory]
    [InlineData(HealthCheckKind.Http)]
    [InlineData(HealthCheckKind.Grpc)]
    public async Task An_answer_that_does_not_come_is_not_waited_for(HealthCheckKind kind)
    {
        var connected = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            connected.SetResult();
            await c.Wire.ReadToEndAsync();
        });

        var probing = ProbeAsync(Target(upstream.Address, Spec(kind)));
        await connected.Task.WithinLimit();
        // The clock of the timeout may not know yet that there is a connection: either way the time is up.
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(s_timeout);
                return probing.IsCompleted;
            },
            "the end of the check"
        );

        var result = await probing;
        Assert.Equal(HealthOutcome.Timeout, result.Outcome);
        Assert.EndsWith("within 2 s", result.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_enough_where_only_that_is_asked()
    {
        using var upstream = new Upstream(c => c.Wire.ReadToEndAsync());

        Assert.Equal(HealthResult.Success, await ProbeAsync(Target(upstream.Address, Spec(HealthCheckKind.Tcp))));
    }

    [Theory]
    [InlineData("", "it closed the connection without an answer")]
    [InlineData("SSH-2.0-x\r\n\r\n", "its answer is broken")]
    public async Task What_is_no_answer_is_a_wrong_one(string answer, string why)
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync(answer);
        });

        var result = await ProbeAsync(Http(upstream.Address));

        Assert.Equal(HealthOutcome.WrongAnswer, result.Outcome);
        Assert.StartsWith(why, result.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_connections_begin_with_a_header_so_do_those_of_checks()
    {
        var first = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            first.SetResult(await c.Wire.ReadAsync("PROXY UNKNOWN\r\nGET".Length));
            await c.ReadAsync();
            await c.AnswerAsync("ok");
        });

        var result = await ProbeAsync(Http(upstream.Address) with { ProxyProtocol = ProxyProtocolVersion.V1 });

        Assert.Equal(HealthResult.Success, result);
        Assert.Equal("PROXY UNKNOWN\r\nGET", await first.Task);
    }

    [Theory]
    [InlineData("\0\0\0\0\u0002\b\u0001", 0, null)]
    [InlineData("\0\0\0\0\u0002\b\u0002", 0, "it says that it is not serving")]
    [InlineData("\0\0\0\0\u0002\b\u0003", 0, "it does not know the service")]
    [InlineData("\0\0\0\0\0", 0, "it says that it does not know whether it is serving")]
    [InlineData("nonsense", 0, "its answer is no answer to a health check")]
    [InlineData("", 12, "it does not speak the gRPC health protocol")]
    [InlineData("", 5, "it does not know the service")]
    [InlineData("", 14, "it answered with grpc-status 14")]
    public async Task GRPC_servers_say_whether_they_serve(string message, int status, string? why)
    {
        using var upstream = Grpc(
            (peer, id) =>
                peer.Headers(id, endStream: false, (":status", "200"), ("content-type", "application/grpc"))
                    .Data(id, endStream: false, message)
                    .Headers(id, endStream: true, ("grpc-status", $"{status}"))
        );

        var result = await ProbeAsync(Target(upstream.Address, Spec(HealthCheckKind.Grpc)));

        Assert.Equal(
            (why is null ? HealthOutcome.Success : HealthOutcome.WrongAnswer, why),
            (result.Outcome, result.Why)
        );
        var request = Assert.Single(upstream.Requests);
        Assert.Contains((":path", "/grpc.health.v1.Health/Check"), request);
        Assert.Contains(("content-type", "application/grpc"), request);
        Assert.Contains(("te", "trailers"), request);
    }

    [Fact]
    public async Task A_gRPC_answer_may_be_trailers_alone()
    {
        using var upstream = Grpc(
            (peer, id) =>
                peer.Headers(id, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12"))
        );

        var result = await ProbeAsync(Target(upstream.Address, Spec(HealthCheckKind.Grpc)));

        Assert.Equal("it does not speak the gRPC health protocol", result.Why);
    }

    [Fact]
    public async Task Who_ends_a_check_does_not_hear_of_it()
    {
        var connected = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            connected.SetResult();
            await c.Wire.ReadToEndAsync();
        });
        using var stop = new CancellationTokenSource();

        var probing = new NetworkProbe(_time).ProbeAsync(Http(upstream.Address), stop.Token);
        await connected.Task.WithinLimit();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.WithinLimit());
    }

    private static HealthCheckSpec Spec(HealthCheckKind kind) =>
        new()
        {
            Kind = kind,
            Path = kind == HealthCheckKind.Http ? "/healthz?full=1" : null,
            GrpcService = kind == HealthCheckKind.Grpc ? "shop.Books" : "",
            Timeout = s_timeout,
        };

    private static HealthTarget Target(IPEndPoint address, HealthCheckSpec spec) =>
        new(address, spec, EndpointProtocol.Auto, ProxyProtocolVersion.None);

    private static HealthTarget Http(IPEndPoint address) => Target(address, Spec(HealthCheckKind.Http));

    private static Upstream Answering(int status) =>
        new(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await c.AnswerAsync("", status, status == 302 ? "location: /\r\n" : "");
            }
        });

    private static Http2Upstream Grpc(Func<RawPeer, int, RawPeer> answer)
    {
        Http2Upstream? upstream = null;
        upstream = new Http2Upstream(async peer =>
        {
            while (await peer.NextMessageAsync() is { } frame)
            {
                upstream!.Note(peer, frame);
                if (frame.IsEndStream)
                {
                    await answer(peer, frame.StreamId).FlushAsync();
                }
            }
        });
        return upstream;
    }

    private Task<HealthResult> ProbeAsync(HealthTarget target) =>
        new NetworkProbe(_time).ProbeAsync(target, TestContext.Current.CancellationToken).WithinLimit();
}
