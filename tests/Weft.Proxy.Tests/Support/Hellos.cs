using System.Buffers.Binary;
using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>TLS ClientHellos, as bytes.</summary>
internal static class Hellos
{
    /// <summary>One in records of at most <paramref name="record"/> bytes.</summary>
    public static byte[] Of(string? host, string[]? alpn = null, int record = 16 * 1024, int padding = 0)
    {
        var extensions = new List<byte>();
        AddExtension(extensions, 43, [2, 3, 4]); // supported_versions: what stands before the name is skipped
        if (host is not null)
        {
            byte[] name = [0, .. Sized(Encoding.Latin1.GetBytes(host))];
            AddExtension(extensions, 0, Sized(name));
        }

        if (alpn is not null)
        {
            byte[] list = [.. alpn.SelectMany(p => (byte[])[(byte)p.Length, .. Encoding.ASCII.GetBytes(p)])];
            AddExtension(extensions, 16, Sized(list));
        }

        if (padding > 0)
        {
            AddExtension(extensions, 21, new byte[padding]);
        }

        byte[] body =
        [
            3,
            3,
            .. new byte[32],
            32,
            .. new byte[32],
            .. Sized([0x13, 0x01, 0x13, 0x02]),
            1,
            0,
            .. Sized([.. extensions]),
        ];
        byte[] message = [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
        return [.. message.Chunk(record).SelectMany(piece => (byte[])[22, 3, 1, .. Sized(piece)])];
    }

    private static void AddExtension(List<byte> extensions, ushort type, byte[] data)
    {
        extensions.AddRange([(byte)(type >> 8), (byte)type, .. Sized(data)]);
    }

    private static byte[] Sized(byte[] data)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)data.Length);
        return [.. length, .. data];
    }
}
