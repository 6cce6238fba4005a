using System.Text;

namespace Weft.Http.Tests.Http2;

/// <summary>Encodes and decodes blocks in the plainest way, so that a test can say anything.</summary>
internal static class FieldList
{
    /// <summary>Literals that go into no table.</summary>
    public static byte[] Encode(params IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            AddString(block, name);
            AddString(block, value);
        }

        return [.. block];
    }

    public static List<(string Name, string Value)> Decode(HpackDecoder decoder, ReadOnlySpan<byte> block)
    {
        var list = new ListSink([]);
        Assert.True(decoder.Decode(block, new byte[64 * 1024], ref list));
        return list.Fields;
    }

    private static void AddString(List<byte> block, string text)
    {
        Span<byte> length = stackalloc byte[HpackInteger.MaxBytes];
        var bytes = Encoding.Latin1.GetBytes(text);
        block.AddRange(length[..HpackInteger.Write(length, 0, 7, bytes.Length)]);
        block.AddRange(bytes);
    }

    internal struct ListSink(List<(string Name, string Value)> fields) : IFieldSink
    {
        public List<(string Name, string Value)> Fields { get; } = fields;

        public int TooLong { get; private set; }

        public readonly void OnField(in HpackField field) =>
            Fields.Add((Encoding.Latin1.GetString(field.Name), Encoding.Latin1.GetString(field.Value)));

        public void OnFieldTooLong() => TooLong++;
    }
}
