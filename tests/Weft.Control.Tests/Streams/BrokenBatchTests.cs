using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Api.Client;
using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Control.Tests.Streams;

/// <summary>A stream that breaks between two messages that belong together.</summary>
public sealed class BrokenBatchTests
{
    private const string Name = "/#/file/web";

    private readonly List<ulong> _known = [];

    [Fact]
    public async Task what_came_without_its_end_is_asked_for_again()
    {
        await using var app = await StartAsync();
        var sink = new RecordingSink();
        var options = new ControlStreamOptions
        {
            Address = new Uri(app.Urls.Single()),
            ProxyId = "one",
            ProgramVersion = "test",
            BackoffBase = TimeSpan.FromMilliseconds(1),
        };
        await using (var stream = new ControlStream(options, sink.Take, TimeProvider.System, new Random(1)))
        {
            stream.Subscribe(ResourceType.Endpoints, Name);
            stream.Start();
            await sink.UntilAsync(() => sink[Name] is not null);
        }

        Assert.Equal([0, 0], _known.Take(2));
        Assert.Equal(Name, Assert.Single(Assert.Single(sink.Batches).Changes).Name.Name);
    }

    /// <summary>A control plane whose first stream ends before the message that completes what it has begun.</summary>
    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2)
            );
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcMessages.ContentType;
        var hello = await GrpcMessages.ReadAsync(
            context.Request.BodyReader,
            ProxyMessage.Parser,
            context.RequestAborted
        );
        _known.Add(hello!.Subscribe.Single(s => s.Name.Name == Name).KnownVersion);
        var isFirst = _known.Count == 1;
        var resource = new Resource
        {
            Name = new ResourceName { Type = ResourceType.Endpoints, Name = Name },
            Version = 7,
            Endpoints = new EndpointList { Neg = true },
        };
        GrpcMessages.Write(
            context.Response.BodyWriter,
            new ControlMessage
            {
                Number = 1,
                Resources = { resource },
                Complete = !isFirst,
            }
        );
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (isFirst)
        {
            // Until the message was acknowledged: then it was taken in.
            await GrpcMessages.ReadAsync(context.Request.BodyReader, ProxyMessage.Parser, context.RequestAborted);
        }
        else
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
