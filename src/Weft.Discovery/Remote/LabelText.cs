using System.Text;

namespace Weft.Discovery;

/// <summary>Labels, which hold bytes, as the texts that backends know.</summary>
internal static class LabelText
{
    /// <summary>No backend has longer names.</summary>
    private const int MaxLength = 255;

    /// <summary>The bytes as UTF-8.</summary>
    public static string Of(string label) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(label));

    /// <summary>
    /// Whether a label can stand as one step of a path at a backend: it is none of those that lead elsewhere, and no bytes in it
    /// end or divide names.
    /// </summary>
    public static bool IsStep(string label) =>
        label.Length is > 0 and <= MaxLength
        && label is not ("." or "..")
        && !label.AsSpan().ContainsAnyInRange('\0', '\x1f')
        && !label.AsSpan().ContainsAny('/', '\\', '\x7f');
}
