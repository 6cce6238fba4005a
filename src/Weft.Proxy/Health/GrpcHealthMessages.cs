using System.Buffers.Binary;
using System.Text;

namespace Weft.Proxy;

/// <summary>What a server says of a service (grpc.health.v1.HealthCheckResponse.ServingStatus).</summary>
internal enum ServingStatus
{
    Unknown = 0,
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}

/// <summary>
/// The two messages of grpc.health.v1.Health/Check, with gRPC's framing: a byte that says whether it is compressed, a length of four bytes, and
/// protobuf of one field each.
/// </summary>
internal static class GrpcHealthMessages
{
    private const int Prefix = 5;

    // Field 1, of a length that is stated; field 1, a number.
    private const byte ServiceTag = 0x0a;
    private const byte StatusTag = 0x08;

    /// <summary>HealthCheckRequest {string service = 1}, which is empty for the server as a whole.</summary>
    public static byte[] Question(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = new List<byte>(name.Length + 8);
        if (name.Length > 0)
        {
            message.Add(ServiceTag);
            var length = (uint)name.Length;
            for (; length >= 0x80; length >>= 7)
            {
                message.Add((byte)(length | 0x80));
            }

            message.Add((byte)length);
            message.AddRange(name);
        }

        var framed = new byte[Prefix + message.Count];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Count);
        message.CopyTo(framed, Prefix);
        return framed;
    }

    /// <summary>HealthCheckResponse {ServingStatus status = 1}; null when it is something else. Fields that later versions may add are not looked at.</summary>
    public static ServingStatus? ReadAnswer(ReadOnlySpan<byte> framed)
    {
        if (
            framed.Length < Prefix
            || framed[0] != 0
            || BinaryPrimitives.ReadUInt32BigEndian(framed[1..]) != framed.Length - Prefix
        )
        {
            return null;
        }

        var status = ServingStatus.Unknown; // What is not sent is 0.
        var rest = framed[Prefix..];
        while (!rest.IsEmpty)
        {
            if (!TryVarint(ref rest, out var tag) || !TrySkip(ref rest, tag, out var value))
            {
                return null;
            }

            status = tag == StatusTag ? (ServingStatus)Math.Min(value, int.MaxValue) : status;
        }

        return status;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, ulong tag, out ulong value)
    {
        value = 0;
        switch (tag & 7)
        {
            case 0:
                return TryVarint(ref rest, out value);
            case 1:
                return TryDrop(ref rest, 8);
            case 2:
                return TryVarint(ref rest, out var length) && TryDrop(ref rest, length);
            case 5:
                return TryDrop(ref rest, 4);
            default:
                return false;
        }
    }

    private static bool TryDrop(ref ReadOnlySpan<byte> rest, ulong count)
    {
        if (count > (ulong)rest.Length)
        {
            return false;
        }

        rest = rest[(int)count..];
        return true;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
