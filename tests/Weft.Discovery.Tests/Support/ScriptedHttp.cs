using System.Net;
using System.Text;

namespace Weft.Discovery.Tests;

/// <summary>A server of HTTP that a test plays, without a network: every request waits until it is answered.</summary>
internal sealed class ScriptedHttp : HttpMessageHandler
{
    public List<Exchange> Requests { get; } = [];

    public Exchange Last => Requests[^1];

    /// <summary>Answers a request at once; null leaves it to the test.</summary>
    public Func<Exchange, bool>? AtOnce { get; set; }

    /// <summary>The last request whose URL contains a text.</summary>
    public Exchange To(string text) => Requests.Last(r => r.Url.Contains(text, StringComparison.Ordinal));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var exchange = new Exchange(request, stop);
        Requests.Add(exchange);
        AtOnce?.Invoke(exchange);
        return exchange.Answered;
    }

    public sealed class Exchange
    {
        private readonly TaskCompletionSource<HttpResponseMessage> _answer = new();

        public Exchange(HttpRequestMessage request, CancellationToken stop)
        {
            Url = request.RequestUri!.PathAndQuery;
            Headers = request.Headers.ToString();
            Body = request.Content is null ? "" : new StreamReader(request.Content.ReadAsStream(stop)).ReadToEnd();
            stop.Register(() =>
            {
                IsCancelled = !_answer.Task.IsCompleted;
                _answer.TrySetCanceled(stop);
            });
        }

        public string Url { get; }

        public string Headers { get; }

        public string Body { get; }

        public bool IsCancelled { get; private set; }

        public Task<HttpResponseMessage> Answered => _answer.Task;

        public void Answer(string body, params (string Name, string Value)[] headers) =>
            Answer(HttpStatusCode.OK, body, headers);

        public void Answer(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
        {
            var response = new HttpResponseMessage(status)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            };
            foreach (var (name, value) in headers)
            {
                response.Headers.Add(name, value);
            }
            _answer.TrySetResult(response);
        }

        /// <summary>Begins an answer whose body comes bit by bit.</summary>
        public ScriptedStream Stream()
        {
            var stream = new ScriptedStream();
            _answer.TrySetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) });
            return stream;
        }

        public void Fail() => _answer.TrySetException(new HttpRequestException("no route to host"));
    }
}
