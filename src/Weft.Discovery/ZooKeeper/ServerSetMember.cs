using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>One member of a server set: its endpoints by name, none when it is not alive.</summary>
internal sealed record ServerSetMember(ImmutableArray<(string Name, Endpoint Endpoint)> Endpoints)
{
    /// <summary>Children whose names begin so are members; others are other things.</summary>
    public const string NodePrefix = "member_";

    private const int MaxBytes = 64 * 1024;
    private const int MaxNames = 64;

    private static readonly ServerSetMember NotAlive = new([]);

    /// <summary>Reads a member's data.</summary>
    /// <exception cref="BackendException">It is not what members write.</exception>
    public static ServerSetMember Parse(ReadOnlyMemory<byte> data)
    {
        if (data.Length > MaxBytes)
        {
            throw new BackendException($"it has more than {MaxBytes} bytes");
        }
        using var document = JsonFields.Parse(data);
        var root = document.RootElement;
        if (root.Text("status") is { } status && status != "ALIVE")
        {
            return NotAlive;
        }
        var metadata = root.Whole("shard") is { } shard
            ? ImmutableSortedDictionary<string, string>.Empty.Add("shard", shard.ToString(CultureInfo.InvariantCulture))
            : ImmutableSortedDictionary<string, string>.Empty;
        var endpoints = new List<(string, Endpoint)>
        {
            ("", Endpoint(root.Field("serviceEndpoint"), "serviceEndpoint", metadata)),
        };
        foreach (var (name, named) in root.Fields("additionalEndpoints", MaxNames))
        {
            endpoints.Add((name, Endpoint(named, name, metadata)));
        }
        return new ServerSetMember([.. endpoints]);
    }

    private static Endpoint Endpoint(
        JsonElement? element,
        string name,
        ImmutableSortedDictionary<string, string> metadata
    )
    {
        var host = element?.Text("host");
        var port = element?.Whole("port") ?? 0;
        return IPAddress.TryParse(host, out var address) && port is > 0 and < 65536
            ? new Endpoint(new IPEndPoint(address, (int)port)) { Metadata = metadata }
            : throw new BackendException($"its '{name}' is not an IP address and a port");
    }
}
