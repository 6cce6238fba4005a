using System.Text;

namespace Weft.Http;

/// <summary>Fields that are made once and added to many messages.</summary>
public sealed class FieldBlock
{
    private readonly byte[] _lines;

    /// <summary>Makes the block.</summary>
    /// <param name="fields">Lower-case names that are tokens, and values without control characters.</param>
    /// <exception cref="ArgumentException">A name or value would not be one field line.</exception>
    public FieldBlock(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny(" :\r\n\0") || value.AsSpan().ContainsAny("\r\n\0"))
            {
                throw new ArgumentException($"'{name}' with its value cannot be one field line.", nameof(fields));
            }

            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        _lines = Encoding.Latin1.GetBytes(text.ToString());
        Fields = [.. fields];
    }

    public static FieldBlock Empty { get; } = new();

    public IReadOnlyList<(string Name, string Value)> Fields { get; }

    /// <summary>The fields as HTTP/1.1 lines.</summary>
    public ReadOnlySpan<byte> Lines => _lines;
}
