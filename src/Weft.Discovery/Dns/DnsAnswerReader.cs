using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Weft.Discovery;

/// <summary>Reads the bytes of a DNS message from front to back, within bounds.</summary>
internal ref struct DnsAnswerReader(ReadOnlySpan<byte> message)
{
    /// <summary>A name of single bytes has 127 labels; more jumps than that lead nowhere.</summary>
    private const int MaxJumps = 127;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _message.Length - Position)
        {
            throw new BackendException("a DNS answer is cut off");
        }
        Position += count;
        return _message.Slice(Position - count, count);
    }

    /// <summary>A name, which may go on elsewhere (RFC 1035, section 4.1.4), in lower case and without the last dot.</summary>
    public string Name()
    {
        var name = new StringBuilder();
        var at = Position;
        var end = -1;
        for (var jumps = 0; ; )
        {
            var length = ByteAt(at++);
            if (length == 0)
            {
                break;
            }
            if (length >= 0xc0)
            {
                var target = ((length & 0x3f) << 8) | ByteAt(at);
                end = end < 0 ? at + 1 : end;
                // Only backwards, so that it comes to an end.
                if (target >= at - 1 || ++jumps > MaxJumps)
                {
                    throw new BackendException("a name in a DNS answer goes round in a circle");
                }
                at = target;
                continue;
            }
            if (length > 63 || at + length > _message.Length || name.Length + length > 254)
            {
                throw new BackendException("a name in a DNS answer is too long");
            }
            name.Append(name.Length > 0 ? "." : "")
                .Append(Encoding.Latin1.GetString(_message.Slice(at, length)).ToLowerInvariant());
            at += length;
        }
        Position = end < 0 ? at : end;
        return name.ToString();
    }

    /// <summary>A record; null when it is of a type or class that is not understood.</summary>
    public DnsRecord? Record()
    {
        var name = Name();
        var type = (DnsType)UInt16();
        var isInternet = UInt16() == 1;
        var ttl = UInt32();
        ttl = ttl > int.MaxValue ? 0 : ttl;
        var length = UInt16();
        var end = Position + length;
        DnsRecord? record = (type, length) switch
        {
            _ when !isInternet => null,
            (DnsType.A, 4) => new DnsRecord.Address(name, ttl, new IPAddress(Bytes(4))),
            (DnsType.Aaaa, 16) => new DnsRecord.Address(name, ttl, new IPAddress(Bytes(16))),
            (DnsType.Cname, _) => new DnsRecord.Alias(name, ttl, Name()),
            (DnsType.Srv, > 6) => new DnsRecord.Service(name, ttl, UInt16(), UInt16(), UInt16(), Name()),
            (DnsType.Soa, > 20) => Authority(name, ttl),
            _ => null,
        };
        if (record is null)
        {
            Position = end - length;
            Bytes(length);
        }
        if (Position != end)
        {
            throw new BackendException("a record in a DNS answer has the wrong length");
        }
        return record;
    }

    private DnsRecord.Authority Authority(string name, uint ttl)
    {
        Name();
        Name();
        Bytes(16);
        return new DnsRecord.Authority(name, ttl, UInt32());
    }

    private readonly byte ByteAt(int index) =>
        index < _message.Length ? _message[index] : throw new BackendException("a DNS answer is cut off");
}
