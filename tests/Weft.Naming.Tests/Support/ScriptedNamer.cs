namespace Weft.Naming.Tests.Support;

/// <summary>Answers what it was told to, and remembers what it was asked. What it was not told is neg.</summary>
public sealed class ScriptedNamer : INamer
{
    private readonly Dictionary<Path, NameState> _answers = [];

    public List<string> Asked { get; } = [];

    public NameState this[string path]
    {
        set => _answers[Path.Parse(path)] = value;
    }

    /// <summary>A name below the path is bound to it; what is left is residual.</summary>
    public ScriptedNamer Bind(params string[] ids)
    {
        foreach (var id in ids)
        {
            this[id] = NameState.Bound(Path.Parse(id), Path.Root);
        }

        return this;
    }

    public NameState Lookup(Path path)
    {
        Asked.Add(path.ToString());
        for (var length = path.Length; length >= 0; length--)
        {
            if (_answers.TryGetValue(path.Take(length), out var answer))
            {
                return answer is NameState.Ok { Tree: NameTree<BoundName>.Leaf leaf }
                    ? NameState.Bound(leaf.Value.Id, path.Skip(length))
                    : answer;
            }
        }

        return NameState.Neg;
    }
}
