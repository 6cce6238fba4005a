using System.Buffers.Binary;
using System.Text;

namespace Weft.Discovery;

/// <summary>One question as it goes over the wire (RFC 1035, section 4).</summary>
internal static class DnsQuestion
{
    /// <summary>What is offered to be read in one datagram: fits every path without fragments (dnsflagday.net/2020).</summary>
    public const int DatagramSize = 1232;

    private const int HeaderSize = 12;
    private const int OptSize = 11;

    /// <summary>The bytes of a question for a name in class IN, with recursion desired and EDNS(0) (RFC 6891).</summary>
    /// <exception cref="BackendException">The name cannot be written: a label is longer than 63 bytes, or all are longer than 255.</exception>
    public static byte[] Encode(ushort id, string name, DnsType type)
    {
        var labels = name.Split('.');
        var nameSize = labels.Sum(label => label.Length + 1) + 1;
        if (nameSize > 255 || Array.Exists(labels, label => label.Length is 0 or > 63))
        {
            throw new BackendException($"'{name}' is not a name that DNS can ask for");
        }
        var bytes = new byte[HeaderSize + nameSize + 4 + OptSize];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        bytes[2] = 0x01; // recursion desired
        bytes[5] = 1; // one question
        bytes[11] = 1; // one additional record
        var at = HeaderSize;
        foreach (var label in labels)
        {
            bytes[at++] = (byte)label.Length;
            at += Encoding.Latin1.GetBytes(label, bytes.AsSpan(at));
        }
        at++;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)type);
        bytes[at + 3] = 1; // class IN
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 5), (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 7), DatagramSize);
        return bytes;
    }
}
