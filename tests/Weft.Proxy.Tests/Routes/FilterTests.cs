using System.Text;
using Weft.Http;

namespace Weft.Proxy.Tests;

/// <summary>What filters make of requests.</summary>
public class FilterTests
{
    private static CompiledRule Rule(string rule) => Routing.Table(Routing.Route("r", rule)).Rules[0];

    /// <summary>The fields of a request as they would be sent.</summary>
    private static string Sent(RequestHead head, HeaderEdit edit)
    {
        edit.DropFrom(head);
        var added = new AddedFields();
        edit.AddTo(added);
        var fields = Enumerable
            .Range(0, head.Count)
            .Where(i => !head.Fields[i].Dropped && head.Fields[i].Known != KnownHeader.Host)
            .Select(i => $"{Encoding.ASCII.GetString(head.Name(i))}: {Encoding.ASCII.GetString(head.Value(i))}");
        return string.Join(" | ", fields.Concat(edit.Added.Fields.Select(f => $"{f.Name}: {f.Value}")));
    }

    private static HeaderEdit Edit(string changes) =>
        Rule($"{{filters: [{{type: RequestHeaderModifier, requestHeaderModifier: {changes}}}]}}").RequestHeaders!;

    [Fact]
    public void Set_takes_the_place_of_every_field_of_its_name() =>
        Assert.Equal(
            "Y: 3 | x-a: new",
            Sent(Routing.Get("/", "X-A: 1", "Y: 3", "x-a: 2"), Edit("{set: [{name: X-A, value: new}]}"))
        );

    [Fact]
    public void Add_leaves_the_fields_of_its_name() =>
        Assert.Equal("x-a: 1 | x-a: new", Sent(Routing.Get("/", "x-a: 1"), Edit("{add: [{name: x-a, value: new}]}")));

    [Fact]
    public void Remove_takes_out_every_field_of_its_name_known_or_not() =>
        Assert.Equal(
            "y: 3",
            Sent(Routing.Get("/", "x-a: 1", "Cookie: a=b", "y: 3", "X-A: 2"), Edit("{remove: [x-a, cookie]}"))
        );

    [Fact]
    public void A_known_header_can_be_set() =>
        Assert.Equal(
            "authorization: none",
            Sent(Routing.Get("/", "Authorization: secret"), Edit("{set: [{name: authorization, value: none}]}"))
        );

    [Fact]
    public void Backends_have_changes_of_their_own()
    {
        var backend = Rule(
            "{backendRefs: [{name: a, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x, value: y}]}}]}]}"
        ).Backends[0];
        Assert.Null(backend.RequestHeaders);
        Assert.Equal([("x", "y")], backend.ResponseHeaders!.Added.Fields);
    }

    /// <summary>Gateway API, HTTPPathModifier.replacePrefixMatch: its table, and queries.</summary>
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo/", "/foo", "/", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    [InlineData("/foo?a=b", "/foo", "", "/?a=b")]
    [InlineData("/foo/bar?a=/foo", "/foo", "/xyz", "/xyz/bar?a=/foo")]
    [InlineData("/bar", "/", "/xyz", "/xyz/bar")]
    [InlineData("/x/../foo/b%61r", "/foo", "/xyz", "/xyz/bar")]
    public void A_prefix_is_replaced_by_segments(string path, string prefix, string by, string expected)
    {
        var table = Routing.Table(
            Routing.Route(
                "r",
                $"{{matches: [{{path: {{value: {prefix}}}}}], filters: [{{type: URLRewrite, urlRewrite: {{path: {{type: ReplacePrefixMatch, replacePrefixMatch: \"{by}\"}}}}}}]}}"
            )
        );
        var head = Routing.Get(path);
        Assert.True(table.TryMatch(head, out var rule, out _));
        rule.Rewrite!.Apply(head);
        Assert.Equal(expected, Encoding.ASCII.GetString(head.Path));
    }

    [Fact]
    public void Another_host_and_path_are_asked_for()
    {
        var rewrite = Rule(
            "{filters: [{type: URLRewrite, urlRewrite: {hostname: books.internal, path: {type: ReplaceFullPath, replaceFullPath: /new}}}]}"
        ).Rewrite!;
        var head = Routing.Get("/a/b?c=d");
        rewrite.Apply(head);
        Assert.Equal("/new?c=d", Encoding.ASCII.GetString(head.Path));
        Assert.Equal("books.internal", Encoding.ASCII.GetString(head.Authority));
        Assert.Equal(-1, head.Find(KnownHeader.Host));

        head.Reset();
        Assert.True(head.Authority.IsEmpty);
    }

    [Fact]
    public void A_request_about_the_server_as_a_whole_has_no_path_to_rewrite()
    {
        var rewrite = Rule(
            "{filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}}}]}"
        ).Rewrite!;
        var head = Heads.Request("OPTIONS * HTTP/1.1\nhost: books");
        rewrite.Apply(head);
        Assert.Equal("*", Encoding.ASCII.GetString(head.Path));
    }

    [Fact]
    public void A_long_path_is_rewritten_too()
    {
        var rewrite = Rule(
            "{filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}}}]}"
        ).Rewrite!;
        var path = "/" + new string('a', 5000);
        var head = Routing.Get(path);
        rewrite.Apply(head);
        Assert.Equal("/x" + path, Encoding.ASCII.GetString(head.Path));
    }
}
