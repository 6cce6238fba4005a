using System.Net;
using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Control.Tests.Http;
using Weft.Control.Tests.Support;
using Weft.EndToEnd.Harness;

namespace Weft.Control.Tests.Streams;

public sealed class StreamTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private ControlStream Open(RecordingSink sink, Func<ControlStreamOptions, ControlStreamOptions>? change = null)
    {
        var options = new ControlStreamOptions
        {
            Address = _server.Server.Address,
            ProxyId = "web-1",
            ProgramVersion = "9.9",
            BackoffBase = TimeSpan.FromMilliseconds(20),
            BackoffMax = TimeSpan.FromMilliseconds(50),
        };
        var stream = new ControlStream(
            change?.Invoke(options) ?? options,
            sink.Take,
            TimeProvider.System,
            new Random(1)
        );
        stream.Start();
        return stream;
    }

    private Task NamerAsync() => _server.ApplyAsync(_server.NamerOf("disco"));

    private static string[] Addresses(Resource? endpoints) =>
        [
            .. endpoints!
                .Endpoints.Known.Endpoints_.Select(e => $"{new IPAddress(e.Ip.Span)}:{e.Port}")
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public async Task a_proxy_gets_the_documents_and_each_change_of_them()
    {
        await _server.ApplyAsync(Documents.Service("books"));
        var sink = new RecordingSink();
        await using var stream = Open(sink);
        await sink.UntilAsync(() => sink.Documents is ["Service/books"]);
        Assert.True(stream.Status.IsConnected);

        await _server.ApplyAsync(
            Documents.Service("books", "2s") + "---\n" + Documents.Dtab("default", "/svc => /#/file ;")
        );
        await sink.UntilAsync(() => sink.Documents.Length == 2);
        Assert.Contains("2s", sink["Service/books"]!.Document, StringComparison.Ordinal);
        // What belongs together came together.
        Assert.Equal(2, sink.Batches[^1].Changes.Count);

        await _server.SendAsync("DELETE", Documents.Books, null);
        await sink.UntilAsync(() => sink.Documents is ["Dtab/default"]);
    }

    [Fact]
    public async Task names_are_bound_on_demand_and_followed()
    {
        _server.Write("disco/books", "127.0.0.1 1\n127.0.0.1 2\n127.0.0.1 3\n127.0.0.1 4\n127.0.0.1 5\n");
        await NamerAsync();
        var sink = new RecordingSink();
        await using var stream = Open(sink);
        stream.Subscribe(ResourceType.Binding, "/#/file/books/x");
        stream.Subscribe(ResourceType.Endpoints, "/#/file/books");
        await sink.UntilAsync(() => sink["/#/file/books/x"] is not null && sink["/#/file/books"] is not null);
        var leaf = sink["/#/file/books/x"]!.Binding.Tree.Leaf;
        Assert.Equal(("/#/file/books", "/x"), (leaf.Id, leaf.Residual));
        Assert.Equal(5, Addresses(sink["/#/file/books"]).Length);

        _server.Write("disco/books", "127.0.0.1 1\n127.0.0.1 2\n127.0.0.1 3 * 2\n127.0.0.1 5\n127.0.0.1 6\n");
        await sink.UntilAsync(() => Addresses(sink["/#/file/books"]).Contains("127.0.0.1:6"));
        Assert.Equal(
            ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:5", "127.0.0.1:6"],
            Addresses(sink["/#/file/books"])
        );
        Assert.Equal(2, sink["/#/file/books"]!.Endpoints.Known.Endpoints_.Single(e => e.Port == 3).Weight);
    }

    [Fact]
    public async Task a_name_that_does_not_exist_is_said_not_to_and_appears_when_it_does()
    {
        _server.Write("disco/books", "127.0.0.1 1\n");
        await NamerAsync();
        var sink = new RecordingSink();
        await using var stream = Open(sink);
        stream.Subscribe(ResourceType.Binding, "/#/file/web");
        await sink.UntilAsync(() => sink["/#/file/web"] is not null);
        Assert.True(sink["/#/file/web"]!.Binding.Tree.Neg);

        _server.Write("disco/web", "127.0.0.1 7\n");
        await sink.UntilAsync(() => sink["/#/file/web"]!.Binding.Tree.Leaf?.Id == "/#/file/web");
    }

    [Fact]
    public async Task after_a_break_only_the_difference_is_sent()
    {
        for (var i = 0; i < 20; i++)
        {
            await _server.ApplyAsync(Documents.Service($"s{i}"));
        }

        var sink = new RecordingSink();
        var address = new IPEndPoint(IPAddress.Loopback, _server.Server.Address.Port);
        await using var stream = Open(sink);
        await sink.UntilAsync(() => sink.Documents.Length == 20);
        var before = sink.Batches.Count;

        await _server.RestartAsync(
            address,
            async store =>
                await store.CommitAsync(
                    new Commit(
                        "default",
                        [new DocumentChange(new DocumentKey("Service", "s3"), Documents.Service("s3", "9s"))],
                        "x"
                    ),
                    TestContext.Current.CancellationToken
                )
        );
        await sink.UntilAsync(() => sink["Service/s3"]!.Document.Contains("9s", StringComparison.Ordinal));
        var change = Assert.Single(sink.Batches.Skip(before).SelectMany(b => b.Changes));
        Assert.Equal("Service/s3", change.Name.Name);
    }

    [Fact]
    public async Task a_store_that_was_lost_takes_nothing_away_and_what_it_removes_itself_goes()
    {
        _server.Write("disco/books", "127.0.0.1 1\n");
        await NamerAsync();
        await _server.ApplyAsync(Documents.Service("s1") + "---\n" + Documents.Service("s2"));
        var sink = new RecordingSink();
        await using var stream = Open(sink);
        stream.Subscribe(ResourceType.Binding, "/#/file/books");
        await sink.UntilAsync(() => sink.Documents.Length == 3 && sink["/#/file/books"] is not null);

        var before = sink.Batches.Count;
        await _server.LoseAsync(new IPEndPoint(IPAddress.Loopback, _server.Server.Address.Port));
        await _server.ApplyAsync(Documents.Service("s1", "9s"));
        await sink.UntilAsync(() => sink["Service/s1"]!.Document.Contains("9s", StringComparison.Ordinal));
        var change = Assert.Single(sink.Batches.Skip(before).SelectMany(b => b.Changes));
        Assert.Equal("Service/s1", change.Name.Name);
        Assert.NotNull(sink["/#/file/books"]!.Binding.Tree.Leaf);

        await _server.SendAsync("DELETE", Documents.Root + "/documents/Service/s1", null);
        await sink.UntilAsync(() => sink.Documents is [_, "Service/s2"]);
    }

    [Fact]
    public async Task a_refusal_is_shown_with_its_reason_until_it_is_mended()
    {
        var sink = new RecordingSink
        {
            Refuse = r => r.Document.Contains("7s", StringComparison.Ordinal) ? "too long" : null,
        };
        await using var stream = Open(sink);
        await _server.ApplyAsync(Documents.Service("web"));
        await _server.ApplyAsync(Documents.Service("books", "7s"));
        var refused = await ProxiesAsync(p => p!["refused"]!.AsArray().Count > 0);
        Assert.Equal(
            ("web-1", "9.9", "Service/books", "too long"),
            (
                (string?)refused["id"],
                (string?)refused["version"],
                (string?)refused["refused"]![0]!["name"],
                (string?)refused["refused"]![0]!["reason"]
            )
        );

        await _server.ApplyAsync(Documents.Service("books", "8s"));
        await ProxiesAsync(p => p!["refused"]!.AsArray().Count == 0 && (long)p["sent"]! == (long)p["acknowledged"]!);
        Assert.Equal(["Service/books", "Service/web"], sink.Documents);
    }

    [Fact]
    public async Task a_proxy_starts_from_its_snapshot_while_the_control_plane_is_dead()
    {
        _server.Write("disco/books", "127.0.0.1 1\n");
        await NamerAsync();
        var first = new RecordingSink();
        await using (var stream = Open(first, o => o with { SnapshotFolder = _folder.Root }))
        {
            stream.Subscribe(ResourceType.Endpoints, "/#/file/books");
            await first.UntilAsync(() => first["/#/file/books"] is not null && first.Documents.Length == 1);
        }

        await _server.Server.DisposeAsync();
        var second = new RecordingSink();
        await using var again = Open(second, o => o with { SnapshotFolder = _folder.Root });
        Assert.Equal(["Namer/file"], second.Documents);
        Assert.Equal(["127.0.0.1:1"], Addresses(second["/#/file/books"]));
        Assert.NotNull(Assert.Single(second.Batches).FromSnapshot);
        Assert.False(again.Status.IsConnected);
        Assert.Equal(second.Batches[0].FromSnapshot, again.Status.HeardAt);
    }

    [Fact]
    public async Task a_stream_with_a_namespace_that_cannot_be_one_says_why_it_ended()
    {
        var told = new TaskCompletionSource<string>();
        await using var stream = new ControlStream(
            new ControlStreamOptions
            {
                Address = _server.Server.Address,
                ProxyId = "x",
                ProgramVersion = "1",
                Namespace = "no name",
            },
            new RecordingSink().Take,
            TimeProvider.System,
            new Random(1)
        );
        stream.StatusChanged += s => told.TrySetResult(s.Error ?? "");
        stream.Start();
        Assert.Contains("namespace 'no name' cannot be one", await told.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_peer_that_has_fallen_silent_is_noticed_and_left()
    {
        await using var relay = new Relay(new IPEndPoint(IPAddress.Loopback, _server.Server.Address.Port));
        var sink = new RecordingSink();
        await _server.ApplyAsync(Documents.Service("books"));
        await using var stream = Open(
            sink,
            o => o with { Address = relay.Address, KeepAlive = TimeSpan.FromSeconds(1) }
        );
        await sink.UntilAsync(() => sink.Documents is ["Service/books"]);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.StatusChanged += s => _ = s.IsConnected || lost.TrySetResult();

        relay.IsSilent = true;
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["Service/books"], sink.Documents);
        relay.IsSilent = false;
        await _server.ApplyAsync(Documents.Service("web"));
        await sink.UntilAsync(() => sink.Documents.Length == 2);
    }

    [Fact]
    public async Task a_comparison_of_everything_sends_nothing_that_is_known()
    {
        await _server.ApplyAsync(Documents.Service("books"));
        var sink = new RecordingSink();
        await using var stream = Open(sink, o => o with { Resync = TimeSpan.FromMilliseconds(1) });
        await sink.UntilAsync(() => sink.Documents is ["Service/books"]);
        // Each comparison is answered with a message of its own, which holds nothing.
        await ProxiesAsync(p => (long)p!["acknowledged"]! >= 3);
        Assert.Single(sink.Batches);
    }

    [Fact]
    public async Task over_tls_with_a_token_the_stream_is_the_same()
    {
        var (cert, key) = TestCertificate.Write(_folder.Root, IPAddress.Loopback);
        await File.WriteAllTextAsync(
            _folder["tokens"],
            "proxies 0123456789abcdef0123\n",
            TestContext.Current.CancellationToken
        );
        await using var server = await TestServer.StartAsync(o =>
            o with
            {
                TlsCert = cert,
                TlsKey = key,
                TokenFile = _folder["tokens"],
            }
        );
        await server.Store.CommitAsync(
            new Commit(
                "default",
                [new DocumentChange(new DocumentKey("Service", "books"), Documents.Service("books"))],
                "x"
            ),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("https", server.Server.Address.Scheme);

        var sink = new RecordingSink();
        await using var stream = Open(
            sink,
            o => o with { Address = server.Server.Address, TrustFile = cert, TokenFile = _folder["tokens"] }
        );
        await sink.UntilAsync(() => sink.Documents is ["Service/books"]);

        await AssertRefusedAsync(o => o with { Address = server.Server.Address, TrustFile = cert }, "answered 401");
        await AssertRefusedAsync(o => o with { Address = server.Server.Address }, "certificate");
    }

    [Fact]
    public async Task the_token_and_the_roots_are_read_again_for_each_connection()
    {
        using var theirs = new TempFolder();
        var (cert, key) = TestCertificate.Write(theirs.Root, IPAddress.Loopback);
        await File.WriteAllTextAsync(theirs["tokens"], "0123456789abcdef0123");
        await using var server = await TestServer.StartAsync(o =>
            o with
            {
                TlsCert = cert,
                TlsKey = key,
                TokenFile = theirs["tokens"],
            }
        );
        var (trust, _) = TestCertificate.Write(_folder.Root, IPAddress.Loopback);
        await File.WriteAllTextAsync(_folder["tokens"], "an-older-token-of-mine");
        await using var stream = Open(
            new RecordingSink(),
            o => o with { Address = server.Server.Address, TrustFile = trust, TokenFile = _folder["tokens"] }
        );
        await FailsAsync("certificate");

        File.Copy(cert, trust, overwrite: true);
        await FailsAsync("answered 401");
        await File.WriteAllTextAsync(_folder["tokens"], "");
        await FailsAsync("there is no token in it");
        File.Delete(_folder["tokens"]);
        await FailsAsync("tokens'");
        File.Copy(theirs["tokens"], _folder["tokens"]);
        await Eventually.Is(() => stream.Status.IsConnected, "it connected");

        Task FailsAsync(string reason) =>
            Eventually.Is(
                () => stream.Status.Error?.Contains(reason, StringComparison.Ordinal) == true,
                $"it failed with '{reason}'"
            );
    }

    private async Task AssertRefusedAsync(Func<ControlStreamOptions, ControlStreamOptions> change, string reason)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = change(
            new ControlStreamOptions
            {
                Address = _server.Server.Address,
                ProxyId = "x",
                ProgramVersion = "1",
            }
        );
        await using var stream = new ControlStream(
            options,
            new RecordingSink().Take,
            TimeProvider.System,
            new Random(1)
        );
        stream.StatusChanged += s => told.TrySetResult(s.Error ?? "");
        stream.Start();
        Assert.Contains(reason, await told.Task, StringComparison.Ordinal);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ProxiesAsync(
        Predicate<System.Text.Json.Nodes.JsonNode?> condition
    )
    {
        while (true)
        {
            var proxies = (await _server.GetAsync("/api/v1/proxies")).Json["proxies"]!.AsArray();
            if (proxies.FirstOrDefault(p => condition(p)) is { } found)
            {
                return found;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
