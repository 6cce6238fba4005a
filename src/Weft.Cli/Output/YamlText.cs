using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Cli.Output;

/// <summary>JSON as YAML, such that every YAML 1.1 and 1.2 reader finds the same values in it.</summary>
internal static class YamlText
{
    // Plain words that some version of YAML takes for something else than text.
    private static readonly string[] Special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    public static void Write(TextWriter output, JsonElement value)
    {
        var emitter = new Emitter(output, new EmitterSettings().WithIndentedSequences());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Emit(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart());
                foreach (var property in value.EnumerateObject())
                {
                    emitter.Emit(Text(property.Name));
                    Emit(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                var style = value.GetArrayLength() == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var item in value.EnumerateArray())
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(value.GetString()!));
                break;
            default:
                emitter.Emit(new Scalar(value.GetRawText()));
                break;
        }
    }

    /// <summary>Plain where nobody could take it for something else.</summary>
    private static Scalar Text(string text)
    {
        var isPlain =
            text.Length > 0
            && (char.IsAsciiLetter(text[0]) || text[0] == '/')
            && !Special.Contains(text, StringComparer.OrdinalIgnoreCase);
        // A text of several lines reads best as it is; for what YAML cannot hold as it is, quoted text has escapes.
        var style =
            text.Any(c => c != '\n' && Printable.IsObeyed(c)) ? ScalarStyle.DoubleQuoted
            : text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : isPlain ? ScalarStyle.Any
            : ScalarStyle.DoubleQuoted;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true);
    }
}
