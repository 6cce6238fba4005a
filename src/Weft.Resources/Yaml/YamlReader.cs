using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Resources.Yaml;

/// <summary>
/// Reads the part of YAML that configuration needs: mappings, lists and scalars. Anchors, aliases, tags and complex keys
/// are refused (an alias can make a short file into an endless one), and so is a key that is repeated.
/// </summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly string _text;
    private readonly ProblemSink _problems;
    private readonly YamlLimits _limits;

    private YamlReader(string text, ProblemSink problems, YamlLimits limits)
    {
        _parser = new Parser(new StringReader(text));
        _text = text;
        _problems = problems;
        _limits = limits;
    }

    /// <summary>
    /// The documents of a text; empty ones are skipped. A text whose syntax is broken gives the documents before the
    /// break, and a problem.
    /// </summary>
    public static IReadOnlyList<YamlNode> Read(string text, ProblemSink problems, YamlLimits? limits = null)
    {
        limits ??= YamlLimits.Default;
        if (text.Length > limits.MaxChars)
        {
            problems.Add(
                default,
                $"the file has {text.Length} characters, more than the {limits.MaxChars} that are read",
                "split it into several files"
            );
            return [];
        }
        return new YamlReader(text, problems, limits).ReadDocuments();
    }

    private List<YamlNode> ReadDocuments()
    {
        var documents = new List<YamlNode>();
        try
        {
            while (_parser.MoveNext())
            {
                if (_parser.Current is not DocumentStart)
                {
                    continue;
                }
                _parser.MoveNext();
                var position = Place(_parser.Current!.Start);
                if (documents.Count == _limits.MaxDocuments)
                {
                    throw new Refused(position, $"more than {_limits.MaxDocuments} documents", "split the file");
                }
                var root = ReadNode(depth: 0);
                if (root is not YamlScalar { IsNull: true })
                {
                    documents.Add(root);
                }
            }
        }
        catch (Refused refused)
        {
            _problems.Add(refused.Position, refused.Message, refused.Remedy);
        }
        catch (YamlException broken)
        {
            var place = Place(broken.Start);
            _problems.Add(place, $"this is not valid YAML: {Sentence(broken.Message)}", Remedy(place));
        }
        return documents;
    }

    /// <summary>The parser stands on the node's first event, and afterwards on its last.</summary>
    private YamlNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var position = Place(current.Start);
        if (current is AnchorAlias alias)
        {
            throw new Refused(position, $"aliases such as '*{alias.Value}' are not read", "write the value out");
        }
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            throw new Refused(position, $"anchors such as '&{anchored.Anchor}' are not read", "remove it");
        }
        if (current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            throw new Refused(position, $"tags such as '{tagged.Tag}' are not read", "remove it");
        }
        if (depth > _limits.MaxDepth)
        {
            throw new Refused(position, $"more than {_limits.MaxDepth} levels within one another");
        }
        return current switch
        {
            Scalar scalar => ReadScalar(scalar, position),
            SequenceStart => ReadSequence(position, depth),
            MappingStart => ReadMapping(position, depth),
            _ => throw new Refused(position, "a value was expected here"),
        };
    }

    private static YamlScalar ReadScalar(Scalar scalar, Position position)
    {
        var form = scalar.Style switch
        {
            ScalarStyle.Literal or ScalarStyle.Folded => ScalarForm.Block,
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => ScalarForm.Quoted,
            _ => ScalarForm.Plain,
        };
        return new YamlScalar(position, scalar.Value, form, (int)scalar.Start.Index, (int)scalar.End.Index);
    }

    private YamlSequence ReadSequence(Position position, int depth)
    {
        var items = new List<YamlNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }
        return new YamlSequence(position, items);
    }

    private YamlMapping ReadMapping(Position position, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var node = ReadNode(depth + 1);
            if (node is not YamlScalar key)
            {
                throw new Refused(node.Position, "a key must be a single word");
            }
            _parser.MoveNext();
            var value = ReadNode(depth + 1);
            if (seen.TryAdd(key.Text, key.Position))
            {
                entries.Add(new YamlEntry(key, value));
            }
            else
            {
                var first = seen[key.Text];
                _problems.Add(key.Position, $"key '{key.Text}' is repeated; it stands first in line {first.Line}");
            }
        }
        return new YamlMapping(position, entries);
    }

    /// <summary>The one mistake that the parser's own words do not explain: an IPv6 address opens a YAML list.</summary>
    private string? Remedy(Position place)
    {
        var line = _text.Split('\n', place.Line + 1).ElementAtOrDefault(place.Line - 1) ?? "";
        return line.Contains("]:", StringComparison.Ordinal) && !line.Contains('"', StringComparison.Ordinal)
            ? "put an address with brackets into quotes, \"[::1]:4140\""
            : null;
    }

    private static Position Place(in Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>The parser's words without a capital and a full stop, as all our problems are written.</summary>
    private static string Sentence(string message)
    {
        var text = message.Trim().TrimEnd('.');
        return text is [var first, var second, ..] && char.IsUpper(first) && char.IsLower(second)
            ? char.ToLowerInvariant(first) + text[1..]
            : text;
    }

    /// <summary>Ends the reading of a file at something that is not read on principle. Never leaves this class.</summary>
    private sealed class Refused(Position position, string message, string? remedy = null) : Exception(message)
    {
        public Position Position { get; } = position;

        public string? Remedy { get; } = remedy;
    }
}
