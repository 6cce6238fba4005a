using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>One connection's stream of messages, from its hello to its end.</summary>
internal sealed class MeshConnection(ControlStreamOptions options)
{
    private static readonly Uri Method = new("/weft.v1.Mesh/Connect", UriKind.Relative);

    /// <summary>Runs a stream until it ends.</summary>
    /// <param name="hello">The first message.</param>
    /// <param name="news">Has something when <paramref name="take"/> has.</param>
    /// <param name="take">The next message to say; null when there is none.</param>
    /// <param name="onMessage">Called with each message, one after the other.</param>
    /// <param name="stop">Ends the stream.</param>
    /// <returns>Why the peer ended it.</returns>
    /// <exception cref="HttpRequestException">It could not be opened, or broke.</exception>
    /// <exception cref="IOException">It broke, or the token or the roots cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public async Task<string> RunAsync(
        ProxyMessage hello,
        System.Threading.Channels.ChannelReader<bool> news,
        Func<ProxyMessage?> take,
        Action<ControlMessage> onMessage,
        CancellationToken stop
    )
    {
        using var http = new HttpMessageInvoker(NewHandler());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var content = new DuplexContent((stream, _) => WriteAsync(stream, hello, news, take, ended.Token));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Address, Method));
        request.Version = new Version(2, 0);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Content = content;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (options.TokenFile is { } file)
        {
            var token = TokenFile.Read(file) ?? throw new IOException($"{file}: there is no token in it");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await http.SendAsync(request, ended.Token);
            if (!response.IsSuccessStatusCode)
            {
                return $"answered {(int)response.StatusCode}";
            }

            await using var stream = await response.Content.ReadAsStreamAsync(ended.Token);
            var input = PipeReader.Create(stream);
            while (await GrpcMessages.ReadAsync(input, ControlMessage.Parser, ended.Token) is { } message)
            {
                onMessage(message);
            }

            return StatusOf(response.TrailingHeaders);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    /// <summary>The reason in the words of whoever knows it best.</summary>
    public static string ReasonOf(Exception error) =>
        error switch
        {
            HttpRequestException { InnerException: SocketException socket } => socket.Message,
            HttpRequestException { InnerException: { } inner } => inner.Message,
            _ => error.Message,
        };

    /// <summary>Made anew for each connection: whom it trusts may have been replaced since the last.</summary>
    private SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = options.Connect,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAlive,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        };
        if (options.TrustFile is { } roots)
        {
            handler.SslOptions = ServerTrust.Only(roots);
        }

        return handler;
    }

    private static async Task WriteAsync(
        Stream stream,
        ProxyMessage hello,
        System.Threading.Channels.ChannelReader<bool> news,
        Func<ProxyMessage?> take,
        CancellationToken ended
    )
    {
        var output = PipeWriter.Create(stream);
        try
        {
            GrpcMessages.Write(output, hello);
            await output.FlushAsync(ended);
            while (await news.WaitToReadAsync(ended))
            {
                news.TryRead(out _);
                while (take() is { } message)
                {
                    GrpcMessages.Write(output, message);
                    await output.FlushAsync(ended);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The stream has ended.
        }
    }

    private static string StatusOf(HttpResponseHeaders trailers)
    {
        var status = trailers.TryGetValues(GrpcStatus.StatusHeader, out var values) ? values.First() : null;
        var message = trailers.TryGetValues(GrpcStatus.MessageHeader, out var texts)
            ? GrpcStatus.Decode(texts.First())
            : null;
        return message ?? (status is null ? "the connection ended" : $"ended with status {status}");
    }
}
