using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>
/// A resource as bytes: encoded once, sent to all who asked for it. The bytes are those of one entry of
/// <c>ControlMessage.resources</c>, tag and length included, so that a message is made by putting them one after the other.
/// </summary>
internal sealed class EncodedResource
{
    /// <summary>Bytes of one resource: with what comes around it, a message that can be sent.</summary>
    public const int MaxBytes = GrpcMessages.MaxMessage - 1024;

    private readonly byte[] _whole;
    private readonly byte[]? _delta;
    private readonly ulong _base;

    private EncodedResource(ResourceKey key, ulong version, byte[] whole, byte[]? delta, ulong baseVersion)
    {
        (Key, Version, _whole, _delta, _base) = (key, version, whole, delta, baseVersion);
    }

    public ResourceKey Key { get; }

    /// <summary>Of the content: equal contents have equal versions, in every control plane. Never 0.</summary>
    public ulong Version { get; }

    /// <summary>Encodes a resource and gives it its version.</summary>
    /// <param name="key">What it is called.</param>
    /// <param name="content">A resource with its content alone; it gets its name and version here, and is the caller's no longer.</param>
    public static EncodedResource Of(ResourceKey key, Resource content)
    {
        var version = VersionOf(content);
        var whole = Encode(key, version, content);
        return whole.Length <= MaxBytes
            ? new EncodedResource(key, version, whole, null, 0)
            : Of(key, new Resource { Refused = $"{whole.Length} bytes are more than the {MaxBytes} that can be sent" });
    }

    /// <summary>The same content, with a shorter way to say it to those who know another.</summary>
    /// <param name="from">The version that they know.</param>
    /// <param name="delta">What has changed since; not used where the whole is no longer.</param>
    public EncodedResource WithDelta(ulong from, EndpointDelta delta)
    {
        delta.BaseVersion = from;
        var bytes = Encode(Key, Version, new Resource { Delta = delta });
        return bytes.Length < _whole.Length ? new EncodedResource(Key, Version, _whole, bytes, from) : this;
    }

    /// <summary>The bytes for someone who knows a version; 0 for nothing.</summary>
    public ReadOnlyMemory<byte> For(ulong known) =>
        _delta is not null && known == _base && known != 0 ? _delta : _whole;

    private static ulong VersionOf(Resource content)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content.ToByteArray(), sum);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(sum));
    }

    private static byte[] Encode(ResourceKey key, ulong version, Resource content)
    {
        content.Name = new ResourceName { Type = key.Type, Name = key.Name };
        content.Version = version;
        // A message with this one entry and nothing else is the entry's bytes.
        return new ControlMessage { Resources = { content } }.ToByteArray();
    }
}

/// <summary>What a resource is called.</summary>
internal readonly record struct ResourceKey(ResourceType Type, string Name);
