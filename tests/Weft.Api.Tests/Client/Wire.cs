using Google.Protobuf;
using Weft.Api.Mesh;

namespace Weft.Api.Tests.Client;

/// <summary>Resources in few words.</summary>
internal static class Wire
{
    public static Resource Document(string name, string text, ulong version) =>
        new()
        {
            Name = new ResourceName { Type = ResourceType.Document, Name = name },
            Version = version,
            Document = text,
        };

    public static Resource Endpoints(ulong version, params byte[] last) =>
        new()
        {
            Name = new ResourceName { Type = ResourceType.Endpoints, Name = "/#/x" },
            Version = version,
            Endpoints = new EndpointList { Known = new Endpoints { Endpoints_ = { last.Select(Endpoint) } } },
        };

    public static Resource Delta(ulong from, ulong to, byte[] changed, byte[] removed) =>
        new()
        {
            Name = new ResourceName { Type = ResourceType.Endpoints, Name = "/#/x" },
            Version = to,
            Delta = new EndpointDelta
            {
                BaseVersion = from,
                Changed = { changed.Select(Endpoint) },
                Removed = { removed.Select(Endpoint) },
            },
        };

    public static byte[] Last(Resource? resource) =>
        [.. resource!.Endpoints.Known.Endpoints_.Select(e => e.Ip[3]).Order()];

    private static EndpointInfo Endpoint(byte last) => new() { Ip = ByteString.CopyFrom(10, 0, 0, last), Port = 80 };
}
