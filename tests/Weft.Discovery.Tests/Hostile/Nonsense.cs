using System.Text;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Texts that no backend should send.</summary>
internal static class Nonsense
{
    /// <summary>JSON within JSON, this many times.</summary>
    public static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    /// <summary>A field that is larger than anything worth reading.</summary>
    public static string Annotation(int bytes) => $"\"annotation\":\"{new string('x', bytes)}\"";

    /// <summary>Half of a character, escaped: JSON allows it, Unicode does not.</summary>
    public const string Surrogate = "\\ud800";

    /// <summary>The text with a byte in the place of <c>?</c> that UTF-8 never has.</summary>
    public static byte[] NoUtf8(string text) => [.. Encoding.Latin1.GetBytes(text.Replace('?', '\xff'))];
}
