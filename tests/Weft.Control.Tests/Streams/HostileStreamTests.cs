using System.Buffers;
using System.Text.Json.Nodes;
using Weft.Api.Client;
using Weft.Api.Grpc;
using Weft.Api.Mesh;
using Weft.Control.Tests.Http;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Streams;

/// <summary>What a peer that is broken, old or bad may send: it is told why, and nobody else notices.</summary>
public sealed class HostileStreamTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        // Whatever was sent, the others are still served.
        Assert.Equal(201, (await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"))).Status);
        await _server.DisposeAsync();
    }

    private static ProxyMessage Hello(uint protocol = 1, string ns = "default") =>
        new()
        {
            Hello = new Hello
            {
                Protocol = protocol,
                ProxyId = "x",
                Namespace = ns,
            },
        };

    private static byte[] Bytes(params ProxyMessage[] messages)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
        {
            GrpcMessages.Write(bytes, message);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Sends all of a stream at once, and reads to its end.</summary>
    /// <param name="bytes">The stream.</param>
    /// <param name="beforeEnd">What is waited for before this side of the stream ends.</param>
    /// <param name="beforeReading">What is waited for before the first answer is read.</param>
    private async Task<(string Status, string Message, List<ControlMessage> Said)> TalkAsync(
        byte[] bytes,
        Func<Task>? beforeEnd = null,
        Func<Task>? beforeReading = null
    )
    {
        var stop = TestContext.Current.CancellationToken;
        using var content = new DuplexContent(
            async (stream, _) =>
            {
                await stream.WriteAsync(bytes, stop);
                await stream.FlushAsync(stop);
                await (beforeEnd?.Invoke() ?? Task.CompletedTask);
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/weft.v1.Mesh/Connect")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        using var response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await (beforeReading?.Invoke() ?? Task.CompletedTask);
        var input = System.IO.Pipelines.PipeReader.Create(await response.Content.ReadAsStreamAsync(stop));
        var said = new List<ControlMessage>();
        while (await GrpcMessages.ReadAsync(input, ControlMessage.Parser, stop) is { } message)
        {
            said.Add(message);
        }

        var trailers = response.TrailingHeaders;
        var text = trailers.TryGetValues(GrpcStatus.MessageHeader, out var values)
            ? GrpcStatus.Decode(values.First())
            : "";
        return (trailers.GetValues(GrpcStatus.StatusHeader).Single(), text, said);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "compressed")]
    [InlineData(new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF }, "more than the")]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF }, "cannot be read")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9 }, "within a message")]
    [InlineData(new byte[] { }, "hello comes first")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "hello comes first")]
    public async Task what_is_no_stream_of_messages_is_ended_with_a_reason(byte[] bytes, string reason)
    {
        var (status, message, _) = await TalkAsync(bytes);
        Assert.Equal("3", status);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_message_that_is_nested_without_end_is_refused()
    {
        // The beginning of a group of fields, within another, within another.
        byte[] groups = [.. Enumerable.Repeat((byte)0x0B, 100_000)];
        var (status, message) = await StatusOf([0, 0, 0x01, 0x86, 0xA0, .. groups]);
        Assert.Equal("3", status);
        Assert.Contains("cannot be read", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_said_again_and_again_and_bytes_that_are_no_text_harm_nobody()
    {
        var twice = Hello();
        twice.Subscribe.AddRange(
            Enumerable
                .Repeat(new ResourceName { Type = ResourceType.Binding, Name = "/#/x" }, 50_000)
                .Select(name => new Subscription { Name = name })
        );
        Assert.Equal(("0", ""), await StatusOf(Bytes(twice, twice)));

        // Hello, protocol 1, with an id that is no UTF-8.
        byte[] hello = [0, 0, 0, 0, 7, 0x0A, 5, 8, 1, 0x12, 1, 0xFF];
        Assert.Contains((await StatusOf(hello)).Status, new[] { "0", "3", "8" });
    }

    [Fact]
    public async Task another_protocol_is_refused()
    {
        var (status, message, _) = await TalkAsync(Bytes(Hello(protocol: 2)));
        Assert.Equal(("9", "protocol 2 is not spoken here, only 1"), (status, message));
    }

    [Theory]
    [InlineData("x\u001b[2J", "1", "/#/x", "a proxy's id has more than 256 characters, or some that cannot be shown")]
    [InlineData("", "1", "/#/x", "a proxy's id has more than 256 characters, or some that cannot be shown", 'x')]
    [InlineData("x", "1\n", "/#/x", "a program's version has more than 256 characters, or some that cannot be shown")]
    [InlineData("x", "1", "/#/", "a name has more than 16384 characters", 'n')]
    public async Task what_cannot_be_shown_or_kept_of_a_proxy_is_refused(
        string id,
        string version,
        string name,
        string reason,
        char filler = ' '
    )
    {
        var message = Hello();
        message.Hello.ProxyId = filler == 'x' ? new string('x', 1_000_000) : id;
        message.Hello.ProgramVersion = version;
        message.Subscribe.Add(
            new Subscription
            {
                Name = new ResourceName
                {
                    Type = ResourceType.Binding,
                    Name = filler == 'n' ? name + new string('n', 1_000_000) : name,
                },
            }
        );
        Assert.Equal(("3", reason), await StatusOf(Bytes(message)));
        Assert.Equal(0, (int)(await _server.GetAsync("/api/v1/proxies")).Json["proxies"]!.AsArray().Count);
    }

    [Fact]
    public void what_a_proxy_refuses_and_what_waits_for_it_are_bounded()
    {
        var connection = new ProxyConnection(Hello().Hello, TimeProvider.System);
        var known = new ResourceKey(ResourceType.Binding, "/#/known");
        connection.Subscribe(known, 0);
        var refusals = new Acknowledgement();
        refusals.Refusals.AddRange(
            Enumerable
                .Range(0, 1000)
                .Select(i => new Refusal
                {
                    Name = new ResourceName { Type = ResourceType.Binding, Name = i == 0 ? known.Name : $"/#/{i}" },
                    Reason = new string('x', 100_000),
                })
        );
        connection.OnAcknowledged(refusals);
        Assert.Equal(2_000, Assert.Single(connection.Info().Refused).Reason.Length);

        for (var i = 0; i < 2 * ProxyConnection.MaxSubscriptions; i++)
        {
            var key = new ResourceKey(ResourceType.Binding, $"/#/{i}");
            connection.Offer(EncodedResource.Of(key, new Resource { Refused = "no" }));
        }

        Assert.False(connection.IsOverfull);
        connection.Offer(EncodedResource.Of(known, new Resource { Refused = "no" }));
        Assert.True(connection.IsOverfull);
        Assert.NotNull(connection.Take());
        Assert.False(connection.IsOverfull);
    }

    private async Task<(string Status, string Message)> StatusOf(byte[] bytes)
    {
        var (status, message, _) = await TalkAsync(bytes);
        return (status, message);
    }

    [Fact]
    public async Task names_that_are_none_and_kinds_that_are_unknown_harm_nobody()
    {
        var odd = Hello();
        odd.Subscribe.Add(new Subscription());
        odd.Subscribe.Add(
            new Subscription
            {
                Name = new ResourceName { Type = (ResourceType)99, Name = "/x" },
            }
        );
        odd.Subscribe.Add(
            new Subscription
            {
                Name = new ResourceName { Type = ResourceType.Binding, Name = "no path" },
            }
        );
        odd.Subscribe.Add(
            new Subscription
            {
                Name = new ResourceName { Type = ResourceType.Document, Name = "Service/x" },
            }
        );
        odd.Unsubscribe.Add(new ResourceName { Type = ResourceType.Endpoints, Name = "/#/never/asked" });
        odd.Acknowledge = new Acknowledgement
        {
            Number = ulong.MaxValue,
            Refusals = { new Refusal { Reason = "of nothing" } },
        };
        var (status, _, _) = await TalkAsync(Bytes(odd, odd));
        Assert.Equal("0", status);
    }

    [Fact]
    public async Task a_report_that_breaks_a_rule_is_refused_and_what_else_is_asked_is_answered()
    {
        var message = Hello();
        message.Report = new TrafficReport { Moved = { new SeriesDelta { Number = 7 } } };
        message.Subscribe.Add(
            new Subscription
            {
                Name = new ResourceName { Type = ResourceType.Document, Name = "*" },
            }
        );
        await TalkAsync(Bytes(message, message));
        var proxy = (await _server.GetAsync("/api/v1/namespaces/default/traffic")).Json["proxies"]![0]!;
        Assert.Equal("the first report of a stream must restart the numbers", (string?)proxy["refused"]);
    }

    [Fact]
    public async Task more_names_than_one_proxy_may_watch_are_refused_one_by_one()
    {
        var (status, _, _) = await TalkAsync(Bytes([Hello(), .. Asking(ProxyConnection.MaxSubscriptions + 10)]));
        Assert.Equal("0", status);
    }

    [Fact]
    public async Task who_has_ended_its_stream_before_it_reads_gets_what_was_begun_and_a_status()
    {
        // More than the windows and buffers on the way hold, so that the control plane still writes when the stream ends.
        var (status, _, said) = await TalkAsync(
            Bytes([Hello(), .. Asking(ProxyConnection.MaxSubscriptions)]),
            beforeEnd: async () =>
            {
                while (!(await ProxiesAsync()).Any(p => (long)p!["sent"]! > 0)) { }
            },
            beforeReading: async () =>
            {
                while ((await ProxiesAsync()).Count > 0) { }
            }
        );
        Assert.Equal("0", status);
        Assert.NotEmpty(said);
    }

    /// <summary>Those that are connected.</summary>
    private async Task<JsonArray> ProxiesAsync()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        return (await _server.GetAsync("/api/v1/proxies")).Json["proxies"]!.AsArray();
    }

    /// <summary>Asks for names that nobody knows.</summary>
    private static IEnumerable<ProxyMessage> Asking(int names)
    {
        foreach (var some in Enumerable.Range(0, names).Chunk(1000))
        {
            var message = new ProxyMessage();
            message.Subscribe.AddRange(
                some.Select(i => new Subscription
                {
                    Name = new ResourceName { Type = ResourceType.Binding, Name = $"/#/x/{i}" },
                })
            );
            yield return message;
        }
    }
}
