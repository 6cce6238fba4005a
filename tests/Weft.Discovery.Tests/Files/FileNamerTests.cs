using System.Net;
using Weft.Naming;

namespace Weft.Discovery.Tests.Files;

public sealed class FileNamerTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly FakeDns _dns = new();
    private readonly HostResolver _resolver;
    private readonly FileNamer _namer;
    private int _changes;

    public FileNamerTests()
    {
        _resolver = new HostResolver(_dns.Ask, _time, new Random(1));
        _namer = new FileNamer(_folder.Path, FileNamer.DefaultPrefix, _time, _resolver);
        _namer.Changed += () => _changes++;
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await _resolver.DisposeAsync();
        _folder.Dispose();
    }

    private void Poll(int times = 2)
    {
        for (var i = 0; i < times; i++)
        {
            _namer.PollOnce();
            _time.Advance(100);
        }
    }

    private string Look(string path) =>
        _namer.Lookup(Naming.Path.Parse(path)) switch
        {
            NameState.Ok { Tree: NameTree<BoundName>.Leaf { Value: var name } } => $"{name.Id} + {name.Residual}",
            NameState.Ok ok => ok.Tree.ToString(),
            NameState.Failed failed => "failed: " + failed.Message,
            _ => "pending",
        };

    private string List(string path) =>
        _namer.Endpoints(Naming.Path.Parse(path)) switch
        {
            EndpointSet.Known known => string.Join(", ", known.Endpoints.Select(e => $"{e.Address} * {e.Weight}")),
            EndpointSet.Failed failed => "failed: " + failed.Message,
            EndpointSet.Neg => "~",
            _ => "pending",
        };

    [Fact]
    public void A_folder_without_files_is_known_to_hold_no_name()
    {
        _namer.Start();

        Assert.Equal("~", Look("/#/file/web"));
        Assert.Equal("~", List("/#/file/web"));
    }

    [Fact]
    public void Before_the_first_poll_all_is_pending_except_what_is_none_of_its_names()
    {
        Assert.Equal("pending", Look("/#/file/web"));
        Assert.Equal("pending", List("/#/file/web"));
        Assert.Equal("~", Look("/#/other/web"));
        Assert.Equal("~", List("/#/other/web"));
    }

    [Fact]
    public void What_a_line_says_of_its_endpoint_is_known_of_each_of_its_addresses()
    {
        _folder.Write("web", "127.0.0.1 8080 zone=a\n127.0.0.1 8081 * 2 zone=b protocol=http2\n");
        Poll();

        var known = Assert.IsType<EndpointSet.Known>(_namer.Endpoints(Naming.Path.Parse("/#/file/web")));
        Assert.Equal(
            ["127.0.0.1:8080 zone=a", "127.0.0.1:8081 protocol=http2 zone=b"],
            known.Endpoints.Select(e => $"{e.Address} {string.Join(' ', e.Metadata.Select(m => $"{m.Key}={m.Value}"))}")
        );
    }

    [Fact]
    public void A_file_is_a_name_and_its_lines_are_the_endpoints()
    {
        _folder.Write("web", "127.0.0.1 8080\n::1 8081 * 0.5\n");
        Poll();
        Assert.Equal("/#/file/web + /", Look("/#/file/web"));
        Assert.Equal("127.0.0.1:8080 * 1, [::1]:8081 * 0.5", List("/#/file/web"));
    }

    [Fact]
    public void What_follows_the_file_is_the_residual()
    {
        _folder.Write("shop/web", "127.0.0.1 1");
        Poll();
        Assert.Equal("/#/file/shop/web + /a/b", Look("/#/file/shop/web/a/b"));
        Assert.Equal("~", List("/#/file/shop/web/a/b"));
    }

    [Fact]
    public void An_absent_file_is_neg_and_so_is_a_folder()
    {
        _folder.Write("shop/web", "127.0.0.1 1");
        Poll();
        Assert.Equal("~", Look("/#/file/other"));
        Assert.Equal("~", Look("/#/file/shop"));
        Assert.Equal("~", Look("/#/file"));
        Assert.Equal("~", List("/#/file/other"));
    }

    [Fact]
    public void A_file_without_endpoints_is_known_and_empty()
    {
        _folder.Write("web", "# nobody\n");
        Poll();
        Assert.Equal("/#/file/web + /", Look("/#/file/web"));
        Assert.Empty(Assert.IsType<EndpointSet.Known>(_namer.Endpoints(Naming.Path.Parse("/#/file/web"))).Endpoints);
    }

    [Theory]
    [InlineData("/#/file/../secret")]
    [InlineData("/#/file/./web")]
    [InlineData(@"/#/file/\x2e\x2e/secret")]
    [InlineData(@"/#/file/\x2e\x2e\x2fsecret")]
    [InlineData(@"/#/file/shop\x2fweb")]
    [InlineData(@"/#/file/web\x00")]
    public void No_label_leads_out_of_the_folder(string path)
    {
        _folder.Write("root/web", "127.0.0.1 1");
        _folder.Write("root/shop/web", "127.0.0.1 1");
        _folder.Write("secret", "127.0.0.1 2");
        var namer = new FileNamer(_folder.At("root"), FileNamer.DefaultPrefix, _time, _resolver);
        namer.PollOnce();
        Assert.Equal(NameState.Neg, namer.Lookup(Naming.Path.Parse(path)));
        Assert.IsType<EndpointSet.Neg>(namer.Endpoints(Naming.Path.Parse(path)));
        Assert.IsNotType<EndpointSet.Neg>(namer.Endpoints(Naming.Path.Parse("/#/file/web")));
    }

    [Fact]
    public void A_file_name_is_a_label_of_its_utf8_bytes()
    {
        _folder.Write("wéb", "127.0.0.1 1");
        Poll();
        var path = Naming.Path.FromUtf8Labels("#", "file", "wéb");
        Assert.Equal(NameState.Bound(path, Naming.Path.Root), _namer.Lookup(path));
    }

    [Fact]
    public void A_changed_file_is_in_force_after_two_polls_and_the_change_is_announced()
    {
        _folder.Write("web", "127.0.0.1 1");
        Poll(1);
        Assert.Equal(1, _changes);
        _folder.Write("web", "127.0.0.1 2");
        Poll(1);
        Assert.Equal("127.0.0.1:1 * 1", List("/#/file/web"));
        Poll(1);
        Assert.Equal("127.0.0.1:2 * 1", List("/#/file/web"));
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void A_removed_file_is_neg()
    {
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        _folder.Delete("web");
        Poll();
        Assert.Equal("~", Look("/#/file/web"));
        Assert.Equal("~", List("/#/file/web"));
    }

    [Fact]
    public void A_folder_fails_since_its_first_mistake_until_the_last_is_corrected()
    {
        _folder.Write("web", "127.0.0.1\n");
        Poll();
        var before = _namer.FailingFor!.Value;
        _time.Advance(TimeSpan.FromMinutes(1));
        _folder.Write("books", "127.0.0.1\n");
        Poll();
        Assert.True(_namer.FailingFor > before + TimeSpan.FromMinutes(1));
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        Assert.True(_namer.FailingFor > before + TimeSpan.FromMinutes(1));
        _folder.Write("books", "127.0.0.1 1");
        Poll();
        Assert.Null(_namer.FailingFor);
    }

    [Fact]
    public void A_file_with_a_bad_line_keeps_what_it_said_before()
    {
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        _folder.Write("web", "127.0.0.1 2\n127.0.0.1\n");
        Poll();
        Assert.Equal("127.0.0.1:1 * 1", List("/#/file/web"));
        Assert.StartsWith($"{_folder.At("web")}:2:10: the port is missing", Assert.Single(_namer.Problems).ToString());
        _folder.Write("web", "127.0.0.1 2");
        Poll();
        Assert.Equal("127.0.0.1:2 * 1", List("/#/file/web"));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void A_file_that_never_was_good_has_failed()
    {
        _folder.Write("web", "nonsense");
        Poll();
        Assert.StartsWith($"failed: {_folder.At("web")}:1:9: the port is missing", Look("/#/file/web"));
        Assert.StartsWith("failed: ", Look("/#/file/web/x"));
        Assert.StartsWith("failed: ", List("/#/file/web"));
        _folder.Delete("web");
        Poll();
        Assert.Equal("~", Look("/#/file/web"));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void One_bad_file_does_not_harm_the_others()
    {
        _folder.Write("bad", "nonsense");
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        Assert.Equal("127.0.0.1:1 * 1", List("/#/file/web"));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_failed_and_one_that_vanished_keeps_its_names()
    {
        var namer = new FileNamer(_folder.At("disco"), FileNamer.DefaultPrefix, _time, _resolver);
        var web = Naming.Path.Parse("/#/file/web");
        var other = Naming.Path.Parse("/#/file/other");
        namer.PollOnce();
        Assert.Contains("no such file or folder", Assert.IsType<NameState.Failed>(namer.Lookup(web)).Message);
        Assert.IsType<EndpointSet.Failed>(namer.Endpoints(web));

        _folder.Write("disco/web", "127.0.0.1 1");
        namer.PollOnce();
        Assert.IsType<EndpointSet.Known>(namer.Endpoints(web));
        Assert.Equal(NameState.Neg, namer.Lookup(other));

        Directory.Move(_folder.At("disco"), _folder.At("gone"));
        namer.PollOnce();
        namer.PollOnce();
        Assert.IsType<EndpointSet.Known>(namer.Endpoints(web));
        Assert.Equal(NameState.Neg, namer.Lookup(other));
        Assert.Single(namer.Problems);
    }

    [Fact]
    public void A_name_is_answered_with_the_same_objects_until_it_changes()
    {
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        var path = Naming.Path.Parse("/#/file/web");
        var (state, endpoints) = (_namer.Lookup(path), _namer.Endpoints(path));
        _folder.Write("other", "127.0.0.1 1");
        Poll();
        Assert.Same(state, _namer.Lookup(path));
        Assert.Same(endpoints, _namer.Endpoints(path));
    }

    [Fact]
    public void A_host_in_a_line_stands_for_each_of_its_addresses()
    {
        _dns.Set("db.example", "10.0.0.2", "10.0.0.1");
        _folder.Write("db", "db.example 5432 * 2\n10.0.0.1 5432\n10.0.0.9 1\n");
        Poll(1);
        Assert.Equal("10.0.0.1:5432 * 3, 10.0.0.9:1 * 1, 10.0.0.2:5432 * 2", List("/#/file/db"));
    }

    [Fact]
    public void A_host_that_is_not_resolved_yet_is_pending_only_when_nothing_else_is_known()
    {
        _folder.Write("db", "db.example 5432\n");
        _folder.Write("both", "db.example 5432\n10.0.0.9 1\n");
        _namer.PollOnce();
        Assert.Equal("pending", List("/#/file/db"));
        Assert.Equal("10.0.0.9:1 * 1", List("/#/file/both"));
        _dns.Fail("db.example");
        _time.Advance(1);
        Assert.StartsWith("failed: db.example was not resolved", List("/#/file/db"));
    }

    [Fact]
    public void A_host_that_does_not_exist_gives_no_endpoints()
    {
        _folder.Write("db", "absent.example 5432\n");
        Poll(1);
        Assert.Equal("", List("/#/file/db"));
    }

    [Fact]
    public void A_host_that_moves_is_announced_and_followed()
    {
        _dns.Set("db.example", "10.0.0.1");
        _folder.Write("db", "db.example 1\n");
        Poll();
        var changes = _changes;
        _dns.Set("db.example", "10.0.0.2");
        _time.Advance(6000);
        Assert.Equal("10.0.0.2:1 * 1", List("/#/file/db"));
        Assert.Equal(changes + 1, _changes);
    }

    [Fact]
    public void A_host_that_no_file_names_any_more_is_not_asked_for_for_ever()
    {
        _dns.Set("db.example", "10.0.0.1");
        _folder.Write("db", "db.example 1\n");
        Poll();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _resolver.Count);
        _folder.Delete("db");
        Poll();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _resolver.Count);
    }

    [Fact]
    public void A_file_whose_place_a_folder_takes_gives_way_to_the_names_in_it()
    {
        _folder.Write("web", "127.0.0.1 1");
        Poll();
        _folder.Delete("web");
        _folder.Write("web/v1", "127.0.0.1 2");
        Poll();
        Assert.Equal("~", Look("/#/file/web"));
        Assert.Equal("/#/file/web/v1 + /x", Look("/#/file/web/v1/x"));
    }

    [Fact]
    public void Another_prefix_makes_other_names()
    {
        _folder.Write("web", "127.0.0.1 1");
        var prefix = Naming.Path.Parse("/#/io.l5d.fs");
        var namer = new FileNamer(_folder.Path, prefix, _time, _resolver);
        namer.PollOnce();
        var web = Naming.Path.Parse("/#/io.l5d.fs/web");
        Assert.Equal(NameState.Bound(web, Naming.Path.Root), namer.Lookup(web));
        Assert.Equal(
            new IPEndPoint(IPAddress.Loopback, 1),
            Assert.Single(Assert.IsType<EndpointSet.Known>(namer.Endpoints(web)).Endpoints).Address
        );
    }
}
