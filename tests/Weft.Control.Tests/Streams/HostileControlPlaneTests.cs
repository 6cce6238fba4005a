using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Api.Client;
using Weft.Api.Grpc;
using Weft.Api.Mesh;
using Weft.EndToEnd.Harness;

namespace Weft.Control.Tests.Streams;

/// <summary>Whatever something that claims to be a control plane sends, a proxy keeps what it knows, says why, and goes on with the next connection.</summary>
public sealed class HostileControlPlaneTests : IAsyncLifetime
{
    private readonly RecordingSink _sink = new();
    private readonly ConcurrentQueue<string> _errors = [];
    private byte[] _hostile = [];
    private int _connections;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(ServeAsync);
        await _app.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    public static TheoryData<string, byte[], string> Bytes =>
        new()
        {
            { "compressed", [1, 0, 0, 0, 0], "compressed" },
            { "too long", [0, 0x7F, 0xFF, 0xFF, 0xFF], "more than the" },
            { "no message", [0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], "cannot be read" },
            { "truncated", [0, 0, 0, 0, 9, 1], "within a message" },
            { "nested", Nested(levels: 500), "cannot be read" },
        };

    [Theory]
    [MemberData(nameof(Bytes))]
    public async Task what_is_no_message_ends_the_connection_with_a_reason_and_no_more(
        string what,
        byte[] bytes,
        string reason
    )
    {
        Assert.NotEmpty(what);
        _hostile = bytes;
        await using var stream = Open(_sink.Take);
        await _sink.UntilAsync(() => _sink.Documents is ["Dtab/first", "Dtab/second"]);
        Assert.Contains(_errors, e => e.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_nobody_thought_of_ends_the_connection_and_no_more()
    {
        _hostile = Message(2, Document("bad"));
        await using var stream = Open(batch =>
            batch.Changes.Any(r => r.Name.Name == "Dtab/bad")
                ? throw new InvalidOperationException("a defect")
                : _sink.Take(batch)
        );
        await _sink.UntilAsync(() => _sink.Documents is ["Dtab/first", "Dtab/second"]);
        Assert.Contains("what was sent cannot be taken in: InvalidOperationException: a defect", _errors);
    }

    [Fact]
    public async Task resources_without_a_name_or_of_no_known_type_and_endpoints_sent_twice_harm_no_other()
    {
        var twice = new EndpointInfo { Ip = ByteString.CopyFrom(10, 0, 0, 1), Port = 80 };
        var list = Named(ResourceType.Endpoints, "/#/x", 1);
        list.Endpoints = new EndpointList { Known = new Endpoints { Endpoints_ = { twice, twice } } };
        var change = Named(ResourceType.Endpoints, "/#/x", 2);
        change.Delta = new EndpointDelta { BaseVersion = 1, Removed = { twice, twice } };
        _hostile =
        [
            .. Message(2, new Resource { Document = "?" }, Named((ResourceType)99, "?", 1), list),
            .. Message(2, change, Document("second")),
        ];
        await using var stream = Open(_sink.Take);
        await _sink.UntilAsync(() => _sink.Documents.Contains("Dtab/second"));
        Assert.Empty(_sink["/#/x"]!.Endpoints.Known.Endpoints_);
        Assert.Equal(1, _connections);
    }

    private async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcMessages.ContentType;
        if (Interlocked.Increment(ref _connections) == 1)
        {
            await SendAsync(context, Message(1, Document("first")));
            // The first is taken in before what follows is sent: a stream that ends is not read to its end.
            await Eventually.Is(() => _sink.Documents.Length > 0, "the first document came");
            await SendAsync(context, _hostile);
            if (_hostile is [0, 0, 0, 0, 9, 1])
            {
                return; // Cut off.
            }
        }
        else
        {
            await SendAsync(context, Message(1, Document("second")));
        }

        var never = new TaskCompletionSource();
        await using var ended = context.RequestAborted.Register(never.SetResult);
        await never.Task;
    }

    private static async Task SendAsync(HttpContext context, byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private ControlStream Open(ResourceSink sink)
    {
        var stream = new ControlStream(
            new ControlStreamOptions
            {
                Address = new Uri(_app.Urls.First()),
                ProxyId = "web-1",
                ProgramVersion = "1",
                BackoffBase = TimeSpan.FromMilliseconds(20),
                BackoffMax = TimeSpan.FromMilliseconds(50),
            },
            sink,
            TimeProvider.System,
            new Random(1)
        );
        stream.StatusChanged += status => _errors.Enqueue(status.Error ?? "");
        stream.Start();
        return stream;
    }

    private static Resource Named(ResourceType type, string name, ulong version) =>
        new()
        {
            Name = new ResourceName { Type = type, Name = name },
            Version = version,
        };

    private static Resource Document(string name)
    {
        var document = Named(ResourceType.Document, "Dtab/" + name, 1);
        document.Document = "kind: Dtab";
        return document;
    }

    private static byte[] Message(ulong number, params Resource[] resources)
    {
        var bytes = new ArrayBufferWriter<byte>();
        GrpcMessages.Write(
            bytes,
            new ControlMessage
            {
                Number = number,
                Resources = { resources },
                Complete = true,
            }
        );
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Nested(int levels)
    {
        var tree = new Tree { Neg = true };
        for (var i = 0; i < levels; i++)
        {
            tree = new Tree
            {
                Union = new Union
                {
                    Members =
                    {
                        new Member { Weight = 1, Tree = tree },
                    },
                },
            };
        }

        var binding = Named(ResourceType.Binding, "/#/x", 1);
        binding.Binding = new Weft.Api.Mesh.Binding { Tree = tree };
        return Message(2, binding);
    }
}
