namespace Weft.Resources.Yaml;

/// <summary>A place in a text, both 1-based.</summary>
internal readonly record struct Position(int Line, int Column);

/// <summary>A value as it was written, with its place.</summary>
internal abstract record YamlNode(Position Position)
{
    /// <summary>What kind of value this is, in the words of a person.</summary>
    public abstract string Noun { get; }
}

/// <summary>A single value. Everything is text until a reader asks for more.</summary>
/// <param name="Position">Where it begins: the quote, the <c>|</c>, or the first character.</param>
/// <param name="Text">The value with quotes, escapes and indentation taken away.</param>
/// <param name="Style">How it was written.</param>
/// <param name="Start">Offset of <paramref name="Position"/> in the text of the file.</param>
/// <param name="End">Offset just past the value in the text of the file.</param>
internal sealed record YamlScalar(Position Position, string Text, ScalarForm Style, int Start, int End)
    : YamlNode(Position)
{
    /// <summary>A key without a value, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Style == ScalarForm.Plain && Text is "" or "~" or "null";

    public override string Noun => IsNull ? "nothing" : $"'{Shortened}'";

    private string Shortened =>
        Text.Length <= 60 ? Text.ReplaceLineEndings(" ") : Text[..57].ReplaceLineEndings(" ") + "...";
}

internal enum ScalarForm
{
    Plain,
    Quoted,
    Block,
}

internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>Keys and values in the order they were written; repeated keys were reported and left out.</summary>
internal sealed record YamlMapping(Position Position, IReadOnlyList<YamlEntry> Entries) : YamlNode(Position)
{
    public override string Noun => "a mapping";
}

internal sealed record YamlSequence(Position Position, IReadOnlyList<YamlNode> Items) : YamlNode(Position)
{
    public override string Noun => "a list";
}
