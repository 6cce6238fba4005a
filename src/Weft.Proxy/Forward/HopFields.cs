using Weft.Http;

namespace Weft.Proxy;

/// <summary>What this hop says to the next one in a request's head.</summary>
internal sealed class HopFields(Direction direction)
{
    /// <summary>The fields of the present attempt.</summary>
    public AddedFields Added { get; } = new();

    /// <summary>What is said of the client when nobody has said it yet.</summary>
    public FieldBlock? Forwarded { get; set; }

    /// <summary>Makes the fields of one attempt.</summary>
    /// <param name="request">What they are added to.</param>
    /// <param name="isGrpc">It is a gRPC call, whose time is said in gRPC's own way.</param>
    /// <param name="route">Where it goes, and what is changed on the way.</param>
    /// <param name="concrete">What it is bound to.</param>
    /// <param name="attempt">0 is the first.</param>
    /// <param name="millisecondsLeft">The request's time; null when it has no bound.</param>
    public void Build(
        RequestHead request,
        bool isGrpc,
        in Route route,
        ConcreteName concrete,
        int attempt,
        long? millisecondsLeft
    )
    {
        Added.Clear();
        Added.Add(ContextFields.ViaOf(request.Version));
        if (Forwarded is not null)
        {
            Added.Add(Forwarded);
        }

        if (direction == Direction.Outbound)
        {
            Added.Add(route.Target.Fields);
            Added.Add(concrete.FieldsOf(attempt));
            route.AddRequestFields(Added);
        }

        if (millisecondsLeft is { } left)
        {
            Span<byte> text = stackalloc byte[32];
            if (isGrpc)
            {
                Added.Add("grpc-timeout"u8, text[..GrpcTimeout.Write(left, text)]);
            }
            else
            {
                Added.Add("weft-timeout"u8, text[..ContextFields.WriteTimeout(left, text)]);
            }
        }
    }
}
