using System.Globalization;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// The counter slots of one name by status and outcome. There are few in practice and the usual one stands first, so a short list beats a
/// table of six hundred.
/// </summary>
internal sealed class StatusSlots(CounterFamily family, Func<StatusKey, CounterSlot> make)
{
    private (int Key, CounterSlot Slot)[] _slots = [];
    private bool _released;

    public void Count(MetricShard shard, StatusKey key)
    {
        shard.Add(Find(key));
        if (_released)
        {
            // A request that ended after its name was given up: it counts, and nothing is held for the next one.
            Release();
        }
    }

    public void Release()
    {
        _released = true;
        foreach (var (_, slot) in _slots)
        {
            family.Release(slot);
        }

        _slots = [];
    }

    private CounterSlot Find(StatusKey key)
    {
        var packed = key.Packed;
        foreach (var (known, slot) in _slots)
        {
            if (known == packed)
            {
                return slot;
            }
        }

        var made = make(key);
        _slots = [.. _slots, (packed, made)];
        return made;
    }
}

/// <summary>What tells the outcomes of one name apart.</summary>
/// <param name="Status">HTTP's status; of an error, its reason's number.</param>
/// <param name="Grpc">The status of a gRPC call; null for everything else.</param>
/// <param name="Failed">It counts as a failure.</param>
/// <param name="Retry">It was not the first attempt.</param>
internal readonly record struct StatusKey(int Status, GrpcStatus? Grpc = null, bool Failed = false, bool Retry = false)
{
    /// <summary>All of it in one number.</summary>
    public int Packed =>
        ((Grpc is { } grpc ? (int)grpc + 1 : 0) << 16) | (Status << 2) | (Failed ? 2 : 0) | (Retry ? 1 : 0);

    /// <summary>The value of the label <c>status</c>.</summary>
    public string StatusText => Status.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of the label <c>grpc_status</c>: empty, which is the same as none, for what is no gRPC call.</summary>
    public string GrpcText => Grpc?.Text() ?? "";

    /// <summary>The value of the label <c>result</c>.</summary>
    public string Result => Failed ? "failure" : "success";
}
