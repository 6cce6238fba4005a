using Weft.Resources.Scalars;

namespace Weft.Resources.Yaml;

/// <summary>
/// Strict access to one mapping. Every key that is asked for becomes a known key, so ask for all of them, whatever the
/// values of the others; <see cref="End"/> then reports each key that nobody knows.
/// Each method reports what is wrong and gives the fallback, so that reading goes on and all errors are found in one run.
/// </summary>
internal sealed class MapReader
{
    private static readonly (string, bool)[] Flags = [("true", true), ("false", false)];

    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly List<string> _known = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly string _what;

    private MapReader(YamlMapping map, string what, ProblemSink problems)
    {
        _entries = map.Entries.ToDictionary(e => e.Key.Text, StringComparer.Ordinal);
        _what = what;
        Problems = problems;
        Position = map.Position;
    }

    public ProblemSink Problems { get; }

    public Position Position { get; }

    public Origin Origin => new(Problems.File, Position.Line, Position.Column);

    /// <summary>Null, and a problem, when the node is not a mapping.</summary>
    /// <param name="node">What should be a mapping.</param>
    /// <param name="what">With its article: <c>a listener</c>. Errors call it so.</param>
    /// <param name="problems">Where errors go.</param>
    public static MapReader? Open(YamlNode node, string what, ProblemSink problems)
    {
        if (node is YamlMapping map)
        {
            return new MapReader(map, what, problems);
        }
        problems.Add(
            node.Position,
            $"{what} must be a mapping, not {node.Noun}",
            "write keys and values, 'key: value'"
        );
        return null;
    }

    /// <summary>Where the key stands, or where the mapping begins when the key is absent.</summary>
    public Position Place(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Position : Position;

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>Whether there is any key at all.</summary>
    public bool HasAny => _entries.Count > 0;

    /// <summary>The value of a key; null when it is absent, and null with a problem when nothing follows the colon.</summary>
    public YamlNode? Node(string key)
    {
        var askedBefore = _known.Contains(key);
        if (!askedBefore)
        {
            _known.Add(key);
        }
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }
        if (entry.Value is YamlScalar { IsNull: true })
        {
            if (askedBefore)
            {
                return null;
            }
            Problems.Add(entry.Key.Position, $"'{key}' has no value", "write one or remove the key");
            return null;
        }
        return entry.Value;
    }

    /// <summary>As <see cref="Node"/>, but an absent key is a problem too.</summary>
    public YamlNode? RequiredNode(string key, string remedy)
    {
        var node = Node(key);
        if (!Has(key))
        {
            Problems.Add(Position, $"{_what} needs '{key}'", remedy);
        }
        return node;
    }

    public MapReader? Map(string key) => Node(key) is { } node ? Open(node, $"'{key}'", Problems) : null;

    /// <summary>The items of a list; none when the key is absent.</summary>
    public IReadOnlyList<YamlNode> List(string key, string remedy)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlSequence list:
                return list.Items;
            case var other:
                Problems.Add(other.Position, $"'{key}' must be a list, not {other.Noun}", remedy);
                return [];
        }
    }

    /// <summary>What the items of a list, each a mapping, are read as; those that are read as nothing are left out.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="what">An item, with its article. Errors call it so.</param>
    /// <param name="read">Asks for the keys of an item; those it leaves are errors.</param>
    public List<T> Items<T>(string key, string what, Func<MapReader, T?> read)
        where T : class
    {
        var values = new List<T>();
        foreach (var item in List(key, "write a list, each item with a '-' in front"))
        {
            if (Open(item, what, Problems) is { } map)
            {
                if (read(map) is { } value)
                {
                    values.Add(value);
                }
                map.End();
            }
        }
        return values;
    }

    /// <summary>Reports a key that people know from elsewhere and that has no place here; <see cref="End"/> does not name it again.</summary>
    public void Refuse(string key, string why, string remedy)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            _refused.Add(key);
            Problems.Add(entry.Key.Position, $"'{key}' {why}", remedy);
        }
    }

    /// <summary>The keys cannot be judged, because what decides over them was wrong and is reported.</summary>
    public void IgnoreRest() => _refused.UnionWith(_entries.Keys);

    public YamlScalar? Scalar(string key, string expected) => AsScalar(Node(key), $"'{key}'", expected);

    public string? Text(string key, string expected) => Scalar(key, expected)?.Text;

    /// <summary>A value of a kind and within bounds; null when it is absent, or wrong and reported.</summary>
    public T? Value<T>(string key, ScalarKind<T> kind, (T Min, T Max)? range = null)
        where T : struct
    {
        var found = ReadValue(Node(key), $"'{key}'", kind, out var value);
        return found && InRange(key, kind, value, range) ? value : null;
    }

    /// <summary>As <see cref="Value{T}"/>, for kinds that are classes.</summary>
    public T? Reference<T>(string key, ScalarKind<T> kind)
        where T : class => ReadValue(Node(key), $"'{key}'", kind, out var value) ? value : null;

    public int Int(string key, int fallback, int min, int max) =>
        (int)(Value(key, ScalarKinds.Number, (min, max)) ?? fallback);

    public bool Flag(string key, bool fallback) => Choice(key, fallback, Flags);

    /// <summary>One word out of a closed list.</summary>
    public T Choice<T>(string key, T fallback, IReadOnlyList<(string Word, T Value)> choices)
    {
        return Scalar(key, Expected(choices)) is { } scalar
            ? ReadChoice(scalar, $"'{key}'", fallback, choices)
            : fallback;
    }

    private static string Expected<T>(IReadOnlyList<(string Word, T Value)> choices) =>
        (choices.Count == 1 ? "write " : "write one of ") + string.Join(", ", choices.Select(c => c.Word));

    public T ReadChoice<T>(YamlScalar scalar, string subject, T fallback, IReadOnlyList<(string Word, T Value)> choices)
    {
        foreach (var (word, value) in choices)
        {
            if (word == scalar.Text)
            {
                return value;
            }
        }
        var near = NearestKey.Find(scalar.Text, choices.Select(c => c.Word));
        Problems.Add(
            scalar.Position,
            $"{subject} cannot be {scalar.Noun}",
            near is null ? Expected(choices) : $"did you mean '{near}'?"
        );
        return fallback;
    }

    public bool ReadValue<T>(YamlNode? node, string subject, ScalarKind<T> kind, out T value)
    {
        value = default!;
        if (AsScalar(node, subject, kind.Expected) is not { } scalar)
        {
            return false;
        }
        if (kind.TryRead(scalar.Text, out value))
        {
            return true;
        }
        Problems.Add(scalar.Position, $"{subject} must be {kind.Noun}, not {scalar.Noun}", kind.Expected);
        return false;
    }

    public YamlScalar? AsScalar(YamlNode? node, string subject, string expected)
    {
        if (node is null or YamlScalar { IsNull: false })
        {
            return node as YamlScalar;
        }
        Problems.Add(node.Position, $"{subject} must be a single value, not {node.Noun}", expected);
        return null;
    }

    /// <summary>Reports the keys that nobody asked for, each with the nearest one that somebody did.</summary>
    public void End()
    {
        foreach (var (name, entry) in _entries)
        {
            if (_known.Contains(name) || _refused.Contains(name))
            {
                continue;
            }
            var near = NearestKey.Find(name, _known);
            Problems.Add(
                entry.Key.Position,
                $"unknown key '{name}' in {_what}",
                near is null ? $"the keys are {string.Join(", ", _known)}" : $"did you mean '{near}'?"
            );
        }
    }

    private bool InRange<T>(string key, ScalarKind<T> kind, T value, (T Min, T Max)? range)
    {
        if (range is not { } bounds)
        {
            return true;
        }
        var order = Comparer<T>.Default;
        if (order.Compare(value, bounds.Min) >= 0 && order.Compare(value, bounds.Max) <= 0)
        {
            return true;
        }
        Problems.Add(
            _entries[key].Value.Position,
            $"'{key}' is {kind.Show(value)}, which is out of range",
            $"write {kind.Noun} from {kind.Show(bounds.Min)} to {kind.Show(bounds.Max)}"
        );
        return false;
    }
}
