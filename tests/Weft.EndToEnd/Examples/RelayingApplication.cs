using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

/// <summary>An application that answers by calling another service through its proxy, and hands <c>weft-dtab</c> on as the example asks for.</summary>
internal sealed class RelayingApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _callee;
    private readonly Uri _proxy;

    private RelayingApplication(IPEndPoint address, string callee, IPEndPoint proxy)
    {
        _callee = callee;
        _proxy = new Uri($"http://{proxy}/");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(address));
        _app = builder.Build();
        _app.Run(Serve);
    }

    public static async Task<RelayingApplication> Start(IPEndPoint address, string callee, IPEndPoint proxy)
    {
        var application = new RelayingApplication(address, callee, proxy);
        await application._app.StartAsync(CancellationToken.None);
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task Serve(HttpContext context)
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, _proxy);
        call.Headers.Host = _callee;
        if (context.Request.Headers.TryGetValue("weft-dtab", out var dtab))
            call.Headers.Add("weft-dtab", dtab.AsEnumerable());
        using var answer = await _client.SendAsync(call, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Headers.TryGetValues(EchoUpstream.ServedByHeader, out var servedBy))
            context.Response.Headers[EchoUpstream.ServedByHeader] = servedBy.Single();
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync(context.RequestAborted));
    }
}
