using System.Text;
using BenchmarkDotNet.Attributes;
using Weft.Http;

namespace Weft.Bench.Micro;

/// <summary>What reading and rewriting one request head costs: nanoseconds, and no bytes.</summary>
[MemoryDiagnoser]
public class RequestParserBenchmarks
{
    private static readonly (byte[], int) Small = Received("GET /books/42 HTTP/1.1\r\nHost: books\r\n\r\n");

    private static readonly (byte[], int) Browser = Received(
        "GET /catalogue/search?q=weaving&page=2 HTTP/1.1\r\n"
            + "Host: books.example:8080\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
            + "Accept-Language: en-US,en;q=0.5\r\n"
            + "Accept-Encoding: gzip, deflate, br\r\n"
            + "Cookie: session=9f2c1b7e4d; theme=dark\r\n"
            + "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
            + "Connection: keep-alive\r\n"
            + "\r\n"
    );

    private readonly Http1RequestParser _parser = new();
    private readonly RequestHead _head = new();
    private readonly byte[] _scratch = new byte[4096];

    [Benchmark(Baseline = true)]
    public int ParseSmall() => Parse(Small);

    [Benchmark]
    public int ParseBrowser() => Parse(Browser);

    [Benchmark]
    public int ParseAndRewriteBrowser()
    {
        Parse(Browser);
        var writer = new HeadWriter(_scratch);
        writer.RequestLine(_head);
        writer.Fields(_head);
        writer.End();
        return writer.Failed ? throw new InvalidOperationException("the head does not fit") : writer.Written;
    }

    /// <summary>A request as it lies in a connection's buffer: at the beginning, with room behind it.</summary>
    private static (byte[] Buffer, int Length) Received(string request)
    {
        var buffer = new byte[4096];
        return (buffer, Encoding.ASCII.GetBytes(request, buffer));
    }

    private int Parse((byte[] Buffer, int Length) received)
    {
        _parser.Reset();
        _head.Reset();
        return _parser.Parse(received.Buffer, 0, received.Length, _head) == ParseStatus.Complete
            ? _parser.Consumed
            : throw new InvalidOperationException($"not parsed: {_parser.Reason}");
    }
}
