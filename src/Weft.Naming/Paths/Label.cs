using System.Buffers;
using System.Text;

namespace Weft.Naming;

/// <summary>The rules of one label of a path: which bytes are written as they are, and how the others are.</summary>
internal static class Label
{
    internal static readonly SearchValues<char> Showable = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:.#$%-"
    );

    internal static void Check(string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        if (label.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
        {
            throw new ArgumentException("a label holds bytes: no char of it may be above 255", nameof(label));
        }
    }

    internal static void AppendTo(StringBuilder text, string label)
    {
        if (!label.AsSpan().ContainsAnyExcept(Showable))
        {
            text.Append(label);
            return;
        }

        foreach (var b in label)
        {
            text.Append("\\x").Append(((int)b).ToString("x2"));
        }
    }
}
