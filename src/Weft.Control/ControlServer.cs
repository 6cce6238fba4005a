using System.Net.Security;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>A control plane that serves: the documents, namerd's API, and the proxies' streams, over one store.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    /// <summary>How long a connection of a proxy may be silent before it is asked whether it lives, and how long that may take.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    /// <summary>Bytes: room for the longest dtab that is read, in a query and so encoded.</summary>
    private const int MaxRequestLine = 256 * 1024;

    private readonly WebApplication _app;
    private readonly StreamHub _hub;
    private readonly NameBook _book;
    private readonly ServerFiles _files;
    private readonly CancellationTokenSource _stopping;

    private ControlServer(
        WebApplication app,
        IReadOnlyList<ApiRoute> routes,
        StreamHub hub,
        NameBook book,
        ServerFiles files,
        CancellationTokenSource stopping
    )
    {
        (_app, Routes, _hub, _book, _files, _stopping) = (app, routes, hub, book, files, stopping);
        var port = app.Services.GetServices<IConnectionListenerFactory>().OfType<SharedPort>().FirstOrDefault();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = port is null ? new Uri(addresses.First()) : new Uri($"http://{port.Address}");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>All that can be asked for.</summary>
    internal IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>Begins to serve.</summary>
    /// <param name="options">Without a <see cref="ControlOptions.Problem"/>.</param>
    /// <param name="store">Stays the caller's.</param>
    /// <param name="time">The clock of watches, namers and streams.</param>
    /// <param name="random">Spreads what would otherwise happen at once.</param>
    /// <param name="log">Where it says what it does.</param>
    /// <exception cref="StoreException">The certificate or the tokens cannot be read.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static Task<ControlServer> StartAsync(
        ControlOptions options,
        IDocumentStore store,
        TimeProvider time,
        Random random,
        Log log
    ) => StartAsync(options, store, time, random, log, traffic: null);

    /// <summary>Begins to serve; tests say what proxies saw.</summary>
    internal static async Task<ControlServer> StartAsync(
        ControlOptions options,
        IDocumentStore store,
        TimeProvider time,
        Random random,
        Log log,
        ITraffic? traffic
    )
    {
        var files = await ServerFiles.OpenAsync(options, time, log);
        var stopping = new CancellationTokenSource();
        var documents = new DocumentService(store);
        var book = new NameBook(documents, time, random, log);
        var watches = new WatchLoop(time, stopping.Token);
        book.Changed += watches.Wake;
        store.Changed += _ => watches.Wake();

        var hub = new StreamHub(book, time, log);
        var board = new TrafficBoard(time);
        var preview = new PreviewService(documents, book, traffic ?? board, time);
        var app = Build(options, files.Certificate, time, log);
        var gate = new Gate(files.Tokens, isTls: files.Certificate is not null);
        app.Use((context, next) => ErrorAnswers.RunAsync(context, gate, _ => next(context), log));
        IReadOnlyList<ApiRoute> routes =
        [
            .. new DocumentRoutes(documents).All,
            .. new WatchRoutes(documents, watches).All,
            .. new NameRoutes(documents, book, time).All,
            .. new PreviewRoutes(preview).All,
            .. new StatusRoutes(documents, book, time).All,
            .. new NamerdRoutes(documents, book, watches, time).All,
            .. new MeshRoutes(hub, board, time, log, stopping.Token).All,
            .. new TrafficRoutes(board).All,
            new ApiRoute("GET", "/openapi.json", DescribeAsync),
        ];
        foreach (var route in routes)
        {
            app.MapMethods(route.Pattern, [route.Method], route.Answer);
        }

        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            await hub.DisposeAsync();
            await book.DisposeAsync();
            await files.DisposeAsync();
            stopping.Dispose();
            throw;
        }

        return new ControlServer(app, routes, hub, book, files, stopping);
    }

    public async ValueTask DisposeAsync()
    {
        // Answers without an end first: nothing else would end them.
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
        await _book.DisposeAsync();
        await _files.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(
        ControlOptions options,
        FileBacked<SslStreamCertificateContext>? certificate,
        TimeProvider time,
        Log log
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new ServerLog(log));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (certificate is null)
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(services => new SharedPort(
                options.Listen,
                new SocketTransportFactory(
                    Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()),
                    services.GetRequiredService<ILoggerFactory>()
                ),
                time
            ));
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Bodies.MaxBytes;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
            kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlive;
            kestrel.Limits.Http2.KeepAlivePingTimeout = KeepAlive;
            if (certificate is not null)
            {
                kestrel.Listen(options.Listen, listen => listen.UseHttps(ServerCertificate.Handshakes(certificate)));
                return;
            }

            kestrel.Listen(new SharedEndPoint(isHttp2: false), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(new SharedEndPoint(isHttp2: true), listen => listen.Protocols = HttpProtocols.Http2);
        });
        return builder.Build();
    }

    private static async Task DescribeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var text = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        await text.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
