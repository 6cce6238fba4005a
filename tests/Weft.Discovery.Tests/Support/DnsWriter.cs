using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Weft.Discovery.Tests;

/// <summary>Writes DNS answers by hand, so that nothing is tested against itself.</summary>
internal sealed class DnsWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly List<byte[]> _records = [];
    private readonly byte[] _question;

    public DnsWriter(ReadOnlySpan<byte> question)
    {
        _question = question.ToArray();
        var end = 12;
        while (_question[end] != 0)
        {
            end += _question[end] + 1;
        }
        QuestionEnd = end + 5;
        Type = BinaryPrimitives.ReadUInt16BigEndian(_question.AsSpan(end + 1));
        var labels = new List<string>();
        for (var at = 12; _question[at] != 0; at += _question[at] + 1)
        {
            labels.Add(Encoding.Latin1.GetString(_question, at + 1, _question[at]));
        }
        Name = string.Join('.', labels);
    }

    public string Name { get; }

    public ushort Type { get; }

    public bool IsCut { get; set; }

    public int Code { get; set; }

    private int QuestionEnd { get; }

    public DnsWriter A(string address, int ttl, string? name = null) =>
        Add(
            name,
            IPAddress.Parse(address).AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 1 : 28,
            ttl,
            IPAddress.Parse(address).GetAddressBytes()
        );

    public DnsWriter Cname(string target, int ttl, string? name = null) => Add(name, 5, ttl, NameBytes(target));

    public DnsWriter Srv(int priority, int weight, int port, string target, int ttl) =>
        Add(
            null,
            33,
            ttl,
            [
                (byte)(priority >> 8),
                (byte)priority,
                (byte)(weight >> 8),
                (byte)weight,
                (byte)(port >> 8),
                (byte)port,
                .. NameBytes(target),
            ]
        );

    public DnsWriter Soa(int ttl, int minimum) =>
        Add(
            "example",
            6,
            ttl,
            [.. NameBytes("ns.example"), .. NameBytes("hm.example"), .. new byte[16], .. Int(minimum)]
        );

    /// <param name="name">Null for the name that was asked for, written as a pointer to the question.</param>
    public DnsWriter Add(string? name, int type, int ttl, byte[] data)
    {
        byte[] owner = name is null ? [0xc0, 12] : NameBytes(name);
        _records.Add([
            .. owner,
            0,
            (byte)type,
            0,
            1,
            .. Int(ttl),
            (byte)(data.Length >> 8),
            (byte)data.Length,
            .. data,
        ]);
        return this;
    }

    public byte[] ToArray()
    {
        _bytes.SetLength(0);
        _bytes.Write([_question[0], _question[1], (byte)(IsCut ? 0x83 : 0x81), (byte)(0x80 | Code), 0, 1]);
        _bytes.Write([(byte)(_records.Count >> 8), (byte)_records.Count, 0, 0, 0, 0]);
        _bytes.Write(_question.AsSpan(12, QuestionEnd - 12));
        _records.ForEach(r => _bytes.Write(r));
        return _bytes.ToArray();
    }

    private static byte[] Int(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] NameBytes(string name) =>
        name.Length == 0
            ? [0]
            : [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.Latin1.GetBytes(l)]), 0];
}
