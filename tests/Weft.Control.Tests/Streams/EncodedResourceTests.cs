using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using Weft.Api.Grpc;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Control.Tests.Streams;

public sealed class EncodedResourceTests
{
    private static readonly ResourceKey Key = new(ResourceType.Endpoints, "/#/x");

    private static EndpointSet.Known Set(params int[] ports) =>
        new([.. ports.Select(p => new Endpoint(new IPEndPoint(IPAddress.Loopback, p)))]);

    private static EncodedResource Encode(EndpointSet set) => EncodedResource.Of(Key, WireNames.Of(set)!);

    private static Resource Parse(ReadOnlyMemory<byte> bytes) =>
        Assert.Single(ControlMessage.Parser.ParseFrom(bytes.Span).Resources);

    [Fact]
    public void equal_contents_have_equal_versions_whatever_their_order()
    {
        Assert.Equal(Encode(Set(1, 2)).Version, Encode(Set(2, 1)).Version);
        Assert.NotEqual(Encode(Set(1, 2)).Version, Encode(Set(1, 3)).Version);
        Assert.NotEqual(0UL, Encode(Set()).Version);
    }

    [Fact]
    public void who_knows_the_version_before_gets_the_difference_and_others_the_whole()
    {
        var many = Enumerable.Range(1, 1000).ToArray();
        var (before, after) = (Encode(Set(many)), Encode(Set(many[1..])));
        var change = after.WithDelta(before.Version, WireNames.DeltaOf(Set(many), Set(many[1..])));

        var delta = Parse(change.For(before.Version));
        Assert.Equal((before.Version, after.Version), (delta.Delta.BaseVersion, delta.Version));
        Assert.Equal(1U, Assert.Single(delta.Delta.Removed).Port);
        Assert.True(change.For(before.Version).Length < 100);
        Assert.Equal(999, Parse(change.For(0)).Endpoints.Known.Endpoints_.Count);
        Assert.Equal(999, Parse(change.For(12345)).Endpoints.Known.Endpoints_.Count);
    }

    [Fact]
    public void the_bytes_are_shared_by_all_who_get_them()
    {
        var resource = Encode(Set(1, 2));
        Assert.True(resource.For(0).Equals(resource.For(1)));
    }

    [Fact]
    public void what_is_too_large_is_refused_with_a_reason()
    {
        var long_ = ImmutableSortedDictionary<string, string>.Empty.Add("note", new string('x', 10 * 1024 * 1024));
        var set = new EndpointSet.Known([new Endpoint(new IPEndPoint(IPAddress.Loopback, 1)) { Metadata = long_ }]);
        Assert.Contains("more than the", Parse(Encode(set).For(0)).Refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_batch_is_cut_into_messages_and_the_last_one_is_marked()
    {
        var stop = TestContext.Current.CancellationToken;
        var parts = Enumerable
            .Range(0, 50)
            .Select(i =>
                EncodedResource
                    .Of(
                        new ResourceKey(ResourceType.Document, $"Dtab/{i}"),
                        new Resource { Document = new string('d', 20_000) }
                    )
                    .For(0)
            )
            .ToArray();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var number = 0UL;
        await MessageBatches.WriteAsync(pipe.Writer, parts, () => ++number, stop);
        await MessageBatches.WriteAsync(pipe.Writer, [], () => ++number, stop);
        await pipe.Writer.CompleteAsync();

        var messages = new List<ControlMessage>();
        while (await GrpcMessages.ReadAsync(pipe.Reader, ControlMessage.Parser, stop) is { } message)
        {
            messages.Add(message);
        }

        Assert.Equal(50, messages.Sum(m => m.Resources.Count));
        Assert.Equal([1UL, 2, 3, 4, 5], messages.Select(m => m.Number));
        Assert.Equal([false, false, false, true, true], messages.Select(m => m.Complete));
    }
}
