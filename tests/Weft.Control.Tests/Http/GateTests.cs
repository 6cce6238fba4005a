using System.Net;
using Weft.Api.Client;
using Weft.Control.Tests.Support;
using Weft.EndToEnd.Harness;

namespace Weft.Control.Tests.Http;

public sealed class GateTests
{
    private const string Token = "0123456789abcdef0123";

    [Theory]
    [InlineData("host: books.example")]
    [InlineData("origin: http://books.example")]
    public async Task a_web_page_cannot_ask(string header)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(403, (await server.GetAsync("/api/v1/namespaces", header)).Status);
    }

    [Fact]
    public async Task with_tokens_only_their_owners_come_in_and_are_authors()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder["tokens"],
            $"# people\nada {Token}\n",
            TestContext.Current.CancellationToken
        );
        await using var server = await TestServer.StartAsync(o => o with { TokenFile = folder["tokens"] });

        Assert.Equal(401, (await server.GetAsync("/api/v1/namespaces")).Status);
        Assert.Equal(401, (await server.GetAsync("/api/v1/namespaces", "authorization: Bearer x" + Token)).Status);
        var put = await server.SendAsync(
            "PUT",
            Documents.Books,
            Documents.Service("books"),
            "authorization: Bearer " + Token,
            "weft-author: mallory"
        );
        Assert.Equal(201, put.Status);
        Assert.Equal("ada", server.Store.View.Namespace("default").Find(new DocumentKey("Service", "books"))?.Author);
    }

    [Fact]
    public async Task tokens_may_be_replaced_while_it_serves()
    {
        const string other = "fedcba9876543210fedc";
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["tokens"], Token);
        await using var server = await TestServer.StartAsync(o => o with { TokenFile = folder["tokens"] });
        Assert.Equal(401, await AskWith(other));

        await File.WriteAllTextAsync(folder["tokens"], other);
        await Eventually.Is(async () => await AskWith(other) == 200, "a new token opened it");
        Assert.Equal(401, await AskWith(Token));

        async Task<int> AskWith(string token) =>
            (await server.GetAsync("/api/v1/namespaces", "authorization: Bearer " + token)).Status;
    }

    [Fact]
    public async Task a_certificate_may_be_replaced_while_it_serves()
    {
        using var folder = new TempFolder();
        using var next = new TempFolder();
        var (cert, key) = TestCertificate.Write(folder.Root, IPAddress.Loopback);
        await using var server = await TestServer.StartAsync(o => o with { TlsCert = cert, TlsKey = key });
        var (nextCert, nextKey) = TestCertificate.Write(next.Root, IPAddress.Loopback);
        using var after = new HttpClient(new SocketsHttpHandler { SslOptions = ServerTrust.Only(nextCert) });
        await Assert.ThrowsAsync<HttpRequestException>(() => after.GetAsync(server.Server.Address));

        File.Copy(nextCert, cert, overwrite: true);
        File.Copy(nextKey, key, overwrite: true);
        await Eventually.Is(
            async () =>
            {
                try
                {
                    using var answer = await after.GetAsync(server.Server.Address);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the new certificate was shown"
        );
    }

    [Theory]
    [InlineData("short")]
    [InlineData("# none\n")]
    [InlineData("a b 0123456789abcdef0123")]
    public void a_file_without_proper_tokens_is_refused(string content) =>
        Assert.Throws<StoreException>(() => AccessTokens.Parse("tokens", content.Split('\n')));

    [Fact]
    public void an_address_that_others_reach_needs_tls_and_a_token()
    {
        var options = new ControlOptions { Listen = new IPEndPoint(IPAddress.Any, 4190), Data = "x" };
        Assert.StartsWith(
            "--listen 0.0.0.0:4190: an address that others can reach needs ",
            options.Problem,
            StringComparison.Ordinal
        );
        Assert.NotNull((options with { TlsCert = "c", TlsKey = "k" }).Problem);
        Assert.NotNull((options with { TokenFile = "t" }).Problem);
        Assert.Null((options with { TlsCert = "c", TlsKey = "k", TokenFile = "t" }).Problem);
        Assert.Null((options with { Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0) }).Problem);
        Assert.NotNull((options with { Listen = ControlOptions.DefaultListen, TlsCert = "c" }).Problem);
        Assert.NotNull((options with { Listen = ControlOptions.DefaultListen, Data = null }).Problem);
    }
}
