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
        Split = new SplitField[fields.Length];
        var at = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var (name, value) = fields[i];
            var known = KnownHeaders.Classify(_lines.AsSpan(at, name.Length));
            Split[i] = new SplitField(at, name.Length, at + name.Length + 2, value.Length, known);
            at += name.Length + value.Length + 4;
        }
    }

    public static FieldBlock Empty { get; } = new();

    public IReadOnlyList<(string Name, string Value)> Fields { get; }

    /// <summary>Where in <see cref="Lines"/> the fields are.</summary>
    internal SplitField[] Split { get; }

    /// <summary>The fields as HTTP/1.1 lines.</summary>
    public ReadOnlySpan<byte> Lines => _lines;
}

/// <summary>Where a field lies in a block of lines, and what it is.</summary>
internal readonly record struct SplitField(
    int NameStart,
    int NameLength,
    int ValueStart,
    int ValueLength,
    KnownHeader Known
);
