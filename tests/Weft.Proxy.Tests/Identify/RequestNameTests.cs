using Weft.Resources;

namespace Weft.Proxy.Tests;

public class RequestNameTests
{
    [Theory]
    [InlineData("books", "/svc/books")]
    [InlineData("Books", "/svc/books")]
    [InlineData("Books:80", "/svc/books")]
    [InlineData("books:", "/svc/books")]
    [InlineData("books.", "/svc/books")]
    [InlineData("Books.Example.ORG.:80", "/svc/books.example.org")]
    [InlineData("books:8080", "/svc/books:8080")]
    [InlineData("books:08080", "/svc/books:8080")]
    [InlineData("127.0.0.1:8080", "/svc/127.0.0.1:8080")]
    public void Host_has_one_spelling(string host, string name) => Assert.Equal(name, NameOf("host", Get(host)));

    [Theory]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[2001:DB8::1]:8080", "[2001:db8::1]:8080")]
    public void Host_may_be_an_ipv6_address(string host, string label) =>
        Assert.Equal(["svc", label], PathOf("host", Get(host))!.Labels);

    [Fact]
    public void An_absolute_form_target_wins_over_host() =>
        Assert.Equal("/svc/authors", NameOf("host", "GET http://Authors:80/x HTTP/1.1\nHost: books"));

    [Fact]
    public void A_request_without_host_has_no_name_by_host() => Assert.Null(NameOf("host", "GET / HTTP/1.0\nx-a: b"));

    [Theory]
    [InlineData("path:1", "/shop/books/1", "/svc/shop")]
    [InlineData("path:2", "/shop/books/1", "/svc/shop/books")]
    [InlineData("path:2", "/shop/books?x=/y", "/svc/shop/books")]
    [InlineData("path:1", "/shop?x", "/svc/shop")]
    [InlineData("path:2", "/shop", null)]
    [InlineData("path:2", "/shop/", null)]
    [InlineData("path:2", "//shop", null)]
    [InlineData("path:1", "/", null)]
    [InlineData("path:2", "/shop/../admin", null)]
    [InlineData("path:1", "/./shop", null)]
    public void Path_takes_the_first_segments_or_none(string identifier, string path, string? name) =>
        Assert.Equal(name, NameOf(identifier, Get("h", path)));

    [Theory]
    [InlineData("books", "/svc/books")]
    [InlineData("/shop/books", "/svc/shop/books")]
    [InlineData("a/b", @"/svc/\x61\x2f\x62")]
    [InlineData("/", null)]
    [InlineData("/a//b", null)]
    [InlineData("/a b", null)]
    public void Header_holds_a_label_or_a_path(string value, string? name) =>
        Assert.Equal(name, NameOf("header:x-route", $"GET / HTTP/1.1\nHost: h\nX-Route: {value}"));

    [Fact]
    public void Header_that_is_absent_names_nothing() => Assert.Null(NameOf("header:x-route", Get("h")));

    [Fact]
    public void Method_and_host_are_both_in_the_name() =>
        Assert.Equal(
            ["svc", "1.1", "POST", "books"],
            PathOf("methodAndHost", "POST / HTTP/1.1\nHost: Books:80")!.Labels
        );

    [Fact]
    public void Identifiers_are_tried_in_order()
    {
        ValueList<Identifier> list = [One("header:x-route"), One("path:2"), One("host")];

        Assert.Equal("/svc/a", Of(list, "GET /b/c HTTP/1.1\nHost: d\nx-route: a"));
        Assert.Equal("/svc/b/c", Of(list, "GET /b/c HTTP/1.1\nHost: d"));
        Assert.Equal("/svc/d", Of(list, "GET /b HTTP/1.1\nHost: d"));
    }

    [Fact]
    public void Local_dtabs_come_in_order_and_those_of_weft_last()
    {
        var head = Heads.Request(
            "GET / HTTP/1.1\nHost: h\nweft-dtab: /a => /1\nl5d-dtab: /a => /2\nweft-dtab: /a => /3 ; /b => /4"
        );

        var dtab = RequestName.LocalDtab(head, out var error);

        Assert.Null(error);
        Assert.Equal("/a=>/2;/a=>/1;/a=>/3;/b=>/4", dtab!.Show().Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bad_local_dtab_is_an_error_that_names_the_header()
    {
        var dtab = RequestName.LocalDtab(Heads.Request("GET / HTTP/1.1\nHost: h\nl5d-dtab: /a =>"), out var error);

        Assert.Null(dtab);
        Assert.StartsWith("l5d-dtab: ", error, StringComparison.Ordinal);
    }

    private static string Get(string host, string path = "/x") => $"GET {path} HTTP/1.1\nHost: {host}";

    private static Identifier One(string text)
    {
        Assert.True(Identifier.TryParse(text, out var identifier));
        return identifier;
    }

    private static string? NameOf(string identifier, string head) => PathOf(identifier, head)?.ToString();

    private static Naming.Path? PathOf(string identifier, string head) =>
        RequestName.Of([One(identifier)], Heads.Request(head));

    private static string? Of(ValueList<Identifier> identifiers, string head) =>
        RequestName.Of(identifiers, Heads.Request(head))?.ToString();
}
