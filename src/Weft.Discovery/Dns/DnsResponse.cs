using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>What a server answered to one question.</summary>
/// <param name="Code">See <see cref="DnsCode"/>.</param>
/// <param name="IsCut">It did not fit into the datagram and must be asked for over TCP.</param>
/// <param name="Records">Those of all sections that are understood.</param>
internal sealed record DnsResponse(int Code, bool IsCut, ImmutableArray<DnsRecord> Records)
{
    /// <summary>Records of one answer that are read; 64 KiB hold no more useful ones.</summary>
    private const int MaxRecords = 4096;

    /// <summary>Reads an answer; null when it is none to this question.</summary>
    /// <exception cref="BackendException">It makes no sense.</exception>
    public static DnsResponse? Parse(ReadOnlySpan<byte> message, ushort id, string name, DnsType type)
    {
        var reader = new DnsAnswerReader(message);
        var isOurs = reader.UInt16() == id;
        var flags = reader.UInt16();
        var questions = reader.UInt16();
        var records = reader.UInt16() + reader.UInt16() + reader.UInt16();
        if (!isOurs || (flags & 0x8000) == 0)
        {
            return null;
        }
        if (questions != 1 || reader.Name() != name || reader.UInt16() != (ushort)type || reader.UInt16() != 1)
        {
            // A server that does not know EDNS may answer with a bare header.
            return questions == 0 && (flags & 0xf) != 0 ? new DnsResponse(flags & 0xf, false, []) : null;
        }
        var isCut = (flags & 0x0200) != 0;
        if (isCut)
        {
            return new DnsResponse(flags & 0xf, isCut, []);
        }
        if (records > MaxRecords)
        {
            throw new BackendException($"the DNS answer for {name} has more than {MaxRecords} records");
        }
        var read = new List<DnsRecord>();
        for (var i = 0; i < records; i++)
        {
            if (reader.Record() is { } record)
            {
                read.Add(record);
            }
        }
        return new DnsResponse(flags & 0xf, isCut, [.. read]);
    }
}
