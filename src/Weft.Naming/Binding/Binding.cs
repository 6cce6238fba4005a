namespace Weft.Naming;

/// <summary>One run of the binder: what it works with, and the work that it has done.</summary>
internal sealed class Binding(Dtab dtab, INamer namer, BindLimits limits)
{
    private NameState.Failed? _exhausted;

    /// <summary>How many names and parts of trees were visited.</summary>
    internal int Nodes { get; private set; }

    /// <summary>Whether a bound was reached anywhere; a union may have an answer all the same.</summary>
    internal bool HasGivenUp { get; private set; }

    internal NameState Bind(NameTree<Path> tree) => Tree(tree, Path.Root, skip: 0, depth: 0, stack: 0);

    /// <summary>Binds a tree whose leaves are each followed by a path without its first labels.</summary>
    private NameState Tree(NameTree<Path> tree, Path suffix, int skip, int depth, int stack)
    {
        if (tree is NameTree<Path>.Leaf leaf)
        {
            return Name(leaf.Value.Concat(suffix, skip), depth, stack + 1);
        }

        if (!Spend(1, stack, suffix))
        {
            return _exhausted!;
        }

        return tree switch
        {
            NameTree<Path>.Alt alt => Alternatives(alt, suffix, skip, depth, stack + 1),
            NameTree<Path>.Union union => Members(union, suffix, skip, depth, stack + 1),
            NameTree<Path>.Fail => NameState.Fail,
            NameTree<Path>.Empty => NameState.Empty,
            _ => NameState.Neg,
        };
    }

    private NameState Name(Path path, int depth, int stack)
    {
        if (!Spend(BindLimits.CostOf(path, dtab), stack, path))
        {
            return _exhausted!;
        }

        // The answer is one level deeper, and Finagle tests the level of the answer.
        if (depth >= limits.MaxDepth)
        {
            return Failed(limits.TooDeep, path);
        }

        var match = dtab.LastMatch(path, dtab.Length);
        if (match < 0)
        {
            return Unmatched(path, depth, stack);
        }

        var next = dtab.LastMatch(path, match);
        if (next < 0)
        {
            // A sole '~' is the same as no match; with more entries neg is a verdict of the table.
            var (prefix, destination) = dtab.Dentries[match];
            return destination is NameTree<Path>.Neg
                ? Unmatched(path, depth, stack)
                : Tree(destination, path, prefix.Length, depth + 1, stack);
        }

        for (; match >= 0; match = next, next = dtab.LastMatch(path, match))
        {
            var (prefix, destination) = dtab.Dentries[match];
            var state = Tree(destination, path, prefix.Length, depth + 1, stack);
            if (Decides(state))
            {
                return state;
            }
        }

        return NameState.Neg;
    }

    /// <summary>No entry of the table has a say: the namers, then the built-ins.</summary>
    private NameState Unmatched(Path path, int depth, int stack)
    {
        var state = namer.Lookup(path);
        if (state is NameState.Ok ok)
        {
            state = ok.Tree is NameTree<BoundName>.Alt or NameTree<BoundName>.Union
                ? new NameState.Ok(ok.Tree.Simplify())
                : ok;
        }

        if (!state.IsNeg)
        {
            return state;
        }

        var answer = BuiltIn.Lookup(path);
        return answer.Rewritten is { } rewritten
            ? Tree(new NameTree<Path>.Leaf(rewritten), Path.Root, 0, depth + 1, stack)
            : answer.State;
    }

    private NameState Alternatives(NameTree<Path>.Alt alt, Path suffix, int skip, int depth, int stack)
    {
        foreach (var alternative in alt.Trees)
        {
            var state = Tree(alternative, suffix, skip, depth, stack);
            if (Decides(state))
            {
                return state;
            }
        }

        return NameState.Neg;
    }

    /// <summary>
    /// Whether an alternative ends the search. Only neg does not: not even pending or failed fall through, so that a slow
    /// or broken source never moves traffic by itself.
    /// </summary>
    private static bool Decides(NameState state) => !state.IsNeg;

    private NameState Members(NameTree<Path>.Union union, Path suffix, int skip, int depth, int stack)
    {
        // As in Finagle, a union of one is its member.
        if (union.Members is [var only])
        {
            return Tree(only.Tree, suffix, skip, depth, stack);
        }

        var survivors = new UnionSurvivors<BoundName>();
        var known = union.Members.IsEmpty;
        NameState? unknown = null;
        foreach (var (weight, member) in union.Members)
        {
            var state = Tree(member, suffix, skip, depth, stack);
            if (_exhausted is not null)
            {
                return _exhausted;
            }

            if (state is NameState.Ok ok)
            {
                known = true;
                survivors.Add(weight, ok.Tree);
            }
            else if (unknown is null || (unknown is NameState.Pending && state is NameState.Failed))
            {
                unknown = state;
            }
        }

        return known ? new NameState.Ok(survivors.Tree()) : unknown!;
    }

    /// <summary>Counts nodes; false when that is too many, and then the whole run has failed.</summary>
    private bool Spend(int nodes, int stack, Path path)
    {
        if (_exhausted is not null)
        {
            return false;
        }

        Nodes += nodes;
        if (Nodes > limits.MaxNodes)
        {
            _exhausted = Failed(limits.TooManyNodes, path);
        }
        else if (stack > limits.MaxStack)
        {
            _exhausted = Failed(limits.TooNested, path);
        }

        return _exhausted is null;
    }

    private NameState.Failed Failed(string message, Path path)
    {
        HasGivenUp = true;
        // A path that grew while it was rewritten would make an unreadable message.
        return new NameState.Failed($"{message} at {(path.Length <= 16 ? path.ToString() : $"{path.Take(16)}/...")}");
    }
}
