using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Cli.Demo;

namespace Weft.Cli.Tests.Demo;

public class ShopServiceTests
{
    [Fact]
    public async Task A_service_answers_with_everyone_who_took_part()
    {
        using var client = Callees(name =>
            Answer(200, name == "books" ? "books(authors-v1)" : "authors-v2a", "fine\n")
        );
        var answer = await Web(client).AnswerAsync(TestContext.Current.CancellationToken);
        Assert.Equal((200, "web(books(authors-v1), authors-v2a)"), (answer.Status, answer.ServedBy));
    }

    [Fact]
    public async Task An_error_is_passed_on_so_that_its_cause_can_be_told()
    {
        using var client = Callees(name =>
            name == "books"
                ? Answer(500, "books(authors-v1)", $"authors 500: authors-v1: {ShopService.Fault}\n")
                : Answer(200, "authors-v1", "fine\n")
        );
        var answer = await Web(client).AnswerAsync(TestContext.Current.CancellationToken);
        var sample = SampleReader.Read(default, default, answer.Status, answer.ServedBy, null, answer.Body);
        Assert.Equal((Outcome.Fault, "authors-v1"), (sample.Outcome, sample.ViaBooks));
    }

    [Fact]
    public async Task A_call_without_an_answer_is_told_apart_from_a_fault()
    {
        using var client = Callees(name =>
            name == "books"
                ? throw new HttpRequestException("the connection broke")
                : Answer(500, "authors-v1", $"authors-v1: {ShopService.Fault}\n")
        );
        var answer = await Web(client).AnswerAsync(TestContext.Current.CancellationToken);
        var sample = SampleReader.Read(default, default, answer.Status, answer.ServedBy, null, answer.Body);
        Assert.Equal((Outcome.Lost, "502 books: no answer: the connection broke"), (sample.Outcome, sample.Why));
    }

    [Fact]
    public async Task Version_1_fails_about_one_request_in_four_and_the_same_ones_every_time()
    {
        var first = await Failures(seed: 1);
        Assert.InRange(first.Count(failed => failed), 200, 300);
        Assert.Equal(first, await Failures(seed: 1));
    }

    [Fact]
    public async Task The_server_answers_requests_for_any_host_one_after_the_other_on_one_connection()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var server = new ShopServer(new IPEndPoint(IPAddress.Loopback, 0), _ => Page());
        var running = server.RunAsync(stop.Token);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address, cancel);
        await socket.SendAsync(
            "GET / HTTP/1.1\r\nHost: web\r\n\r\nHEAD / HTTP/1.1\r\nHost: web\r\n\r\n"u8.ToArray(),
            cancel
        );
        await socket.SendAsync("POST / HTTP/1.1\r\nHost: web\r\n\r\n"u8.ToArray(), cancel);

        const string head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\nserved-by: web()\r\n\r\n";
        var received = await ReadToEnd(socket, cancel);
        Assert.StartsWith($"{head}page\n{head}HTTP/1.1 405 Error\r\n", received, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        static Task<ShopAnswer> Page() => Task.FromResult(new ShopAnswer(200, "web()", "page\n"));
    }

    private static ShopService Web(HttpClient client) =>
        new(new ShopServiceOptions { Name = "web", Calls = ["books", "authors"] }, client, TimeProvider.System);

    private static async Task<bool[]> Failures(int seed)
    {
        using var client = Callees(_ => throw new InvalidOperationException("authors calls nobody"));
        var options = new ShopServiceOptions
        {
            Name = "authors-v1",
            FailRatio = 0.25,
            Seed = seed,
        };
        var service = new ShopService(options, client, TimeProvider.System);
        var failures = new bool[1000];
        for (var i = 0; i < failures.Length; i++)
        {
            failures[i] = (await service.AnswerAsync(CancellationToken.None)).Status == 500;
        }

        return failures;
    }

    private static HttpClient Callees(Func<string, HttpResponseMessage> answer) => new(new Handler(answer));

    private static HttpResponseMessage Answer(int status, string servedBy, string body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        response.Headers.Add(ServedBy.Field, servedBy);
        return response;
    }

    private static async Task<string> ReadToEnd(Socket socket, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        for (int count; (count = await socket.ReceiveAsync(buffer, cancel)) > 0; )
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private sealed class Handler(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            try
            {
                return Task.FromResult(answer(request.RequestUri!.Host));
            }
            catch (HttpRequestException error)
            {
                return Task.FromException<HttpResponseMessage>(error);
            }
        }
    }
}
