using System.Net;

namespace Weft.Discovery;

/// <summary>Types of records that are asked for or understood.</summary>
internal enum DnsType : ushort
{
    /// <summary>RFC 1035.</summary>
    A = 1,

    /// <summary>RFC 1035.</summary>
    Cname = 5,

    /// <summary>RFC 1035.</summary>
    Soa = 6,

    /// <summary>RFC 3596.</summary>
    Aaaa = 28,

    /// <summary>RFC 2782.</summary>
    Srv = 33,

    /// <summary>RFC 6891.</summary>
    Opt = 41,
}

/// <summary>One record of an answer. Names are in lower case, without the last dot.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Ttl">In seconds; the top bit is never set (RFC 2181, section 8).</param>
internal abstract record DnsRecord(string Name, uint Ttl)
{
    public sealed record Address(string Name, uint Ttl, IPAddress Value) : DnsRecord(Name, Ttl);

    public sealed record Alias(string Name, uint Ttl, string Target) : DnsRecord(Name, Ttl);

    public sealed record Service(string Name, uint Ttl, ushort Priority, ushort Weight, ushort Port, string Target)
        : DnsRecord(Name, Ttl);

    /// <summary>How long an answer that something is absent holds: the lesser of the two (RFC 2308, section 5).</summary>
    public sealed record Authority(string Name, uint Ttl, uint Minimum) : DnsRecord(Name, Ttl);
}

/// <summary>Response codes that are told apart (RFC 1035, section 4.1.1).</summary>
internal static class DnsCode
{
    public const int NoError = 0;
    public const int ServerFailure = 2;
    public const int NoSuchName = 3;
    public const int Refused = 5;
}
