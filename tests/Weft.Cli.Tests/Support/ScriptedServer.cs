using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Cli.Tests.Support;

/// <summary>Answers one request on a connection.</summary>
/// <param name="path">What is asked for.</param>
/// <param name="connection">To write to; it is closed afterwards.</param>
/// <param name="stop">When the server ends.</param>
public delegate Task AnswerScript(string path, Stream connection, CancellationToken stop);

/// <summary>A server on a free port of this machine that does to its clients what a test says.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly AnswerScript _script;
    private readonly Task _serving;

    public ScriptedServer(AnswerScript script)
    {
        _script = script;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Completes when somebody has asked for something.</summary>
    public TaskCompletionSource<string> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers with pages by path, each 200 unless it begins with another status, and 404 for all others.</summary>
    public static ScriptedServer Of(Dictionary<string, string> pages) =>
        new((path, connection, stop) => WriteAsync(connection, pages.GetValueOrDefault(path, "404 \nnothing"), stop));

    /// <summary>Answers everything with one page, 200 unless it begins with another status.</summary>
    public static ScriptedServer Always(string page) =>
        new((_, connection, stop) => WriteAsync(connection, page, stop));

    /// <summary>Takes requests and never answers.</summary>
    public static ScriptedServer Silent() =>
        new((_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));

    /// <summary>Answers everything with these bytes.</summary>
    public static ScriptedServer Raw(string bytes) =>
        new((_, connection, stop) => connection.WriteAsync(Encoding.Latin1.GetBytes(bytes), stop).AsTask());

    /// <summary>Answers with a body that has no end.</summary>
    public static ScriptedServer Endless() =>
        new(
            async (_, connection, stop) =>
            {
                await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop);
                var more = new byte[64 * 1024];
                while (true)
                {
                    await connection.WriteAsync(more, stop);
                }
            }
        );

    public async ValueTask DisposeAsync()
    {
        // Not before it has ended: a loop that has just taken a connection asks a stopped listener for the next, which
        // is an error of another kind than the end of its waiting.
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private static Task WriteAsync(Stream connection, string page, CancellationToken stop)
    {
        var (status, body) =
            page.Length > 4 && page[3] == ' ' ? (page[..3], page[(page.IndexOf('\n') + 1)..]) : ("200", page);
        var head =
            $"HTTP/1.1 {status} x\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\nconnection: close\r\n\r\n";
        return connection.WriteAsync(Encoding.UTF8.GetBytes(head + body), stop).AsTask();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, false, 4096, leaveOpen: true);
                var line = await reader.ReadLineAsync(_stop.Token) ?? "";
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                    // Only what is asked for counts.
                }

                var path = line.Split(' ') is [_, var target, ..] ? target : line;
                Asked.TrySetResult(path);
                await _script(path, stream, _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The client has what it wanted, or the test is over.
            }
        }
    }
}
