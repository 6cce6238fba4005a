using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>
/// Explains how a path is bound. Every alternative is followed, also those that binding does not reach; what the request
/// would see is the answer of <see cref="Binder"/>.
/// </summary>
public sealed class Delegator
{
    private readonly Dtab _dtab;
    private readonly INamer _namer;
    private readonly BindLimits _limits;
    private int _nodes;
    private bool _exhausted;

    private Delegator(Dtab dtab, INamer namer, BindLimits limits)
    {
        _dtab = dtab;
        _namer = namer;
        _limits = limits;
    }

    /// <summary>Every step from the path to what it is bound to, within the bounds; a bound reached is an error step.</summary>
    public static Delegation Delegate(Dtab dtab, Path path, INamer namer, BindLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(dtab);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(namer);
        return new Delegator(dtab, namer, limits ?? BindLimits.Default).Name(path, dentry: null, depth: 0, stack: 0);
    }

    private Delegation Name(Path path, Dentry? dentry, int depth, int stack)
    {
        if (!Spend(BindLimits.CostOf(path, _dtab), stack))
        {
            return GaveUp(path, dentry);
        }

        if (depth >= _limits.MaxDepth)
        {
            return Error(path, dentry, _limits.TooDeep);
        }

        var match = _dtab.LastMatch(path, _dtab.Length);
        if (match < 0)
        {
            return Unmatched(path, dentry, depth, stack);
        }

        if (_dtab.LastMatch(path, match) < 0)
        {
            return Sole(path, dentry, _dtab.Dentries[match], depth, stack);
        }

        var alternatives = ImmutableArray.CreateBuilder<Delegation>();
        for (; match >= 0; match = _dtab.LastMatch(path, match))
        {
            var entry = _dtab.Dentries[match];
            AddAlternatives(alternatives, entry.Destination, path, entry, depth + 1, stack + 1);
        }

        return Alt(path, dentry, alternatives);
    }

    private Delegation Sole(Path path, Dentry? dentry, Dentry entry, int depth, int stack)
    {
        var step = Tree(entry.Destination, path, entry, depth + 1, stack + 1);
        if (entry.Destination is NameTree<Path>.Alt or NameTree<Path>.Union)
        {
            return step with { Dentry = dentry };
        }

        if (entry.Destination is not NameTree<Path>.Neg)
        {
            return Of(DelegationKind.Delegate, path, dentry, step.Verdict, [step]);
        }

        // A sole '~' does not keep namers and built-ins from answering.
        var answer = Unmatched(path, dentry: null, depth, stack + 1);
        return answer.Kind is DelegationKind.Neg
            ? Of(DelegationKind.Delegate, path, dentry, step.Verdict, [step])
            : Of(DelegationKind.Alt, path, dentry, answer.Verdict, [step, answer]);
    }

    private Delegation Unmatched(Path path, Dentry? dentry, int depth, int stack)
    {
        var state = _namer.Lookup(path);
        if (state.IsNeg)
        {
            var answer = BuiltIn.Lookup(path);
            if (answer.Rewritten is { } rewritten)
            {
                var step = Name(rewritten, dentry: null, depth + 1, stack + 1);
                return Of(DelegationKind.Delegate, path, dentry, step.Verdict, [step]);
            }

            state = answer.State;
        }

        return state switch
        {
            NameState.Ok ok => Answer(path, dentry, ok.Tree.Simplify()),
            NameState.Failed failed => Error(path, dentry, failed.Message),
            _ => Of(DelegationKind.Pending, path, dentry, Verdict.Unknown),
        };
    }

    /// <summary>What a namer answered.</summary>
    private static Delegation Answer(Path path, Dentry? dentry, NameTree<BoundName> simple)
    {
        switch (simple)
        {
            case NameTree<BoundName>.Leaf leaf:
                return Of(DelegationKind.Leaf, path, dentry, Verdict.Present) with { Bound = leaf.Value };
            case NameTree<BoundName>.Union union:
                var members = ImmutableArray.CreateBuilder<Delegation>();
                foreach (var (weight, member) in union.Members)
                {
                    members.Add(Answer(path, null, member) with { Weight = weight });
                }

                return Of(DelegationKind.Union, path, dentry, Verdict.Present, members.DrainToImmutable());
            case NameTree<BoundName>.Fail:
                return Of(DelegationKind.Fail, path, dentry, Verdict.Fail);
            case NameTree<BoundName>.Empty:
                return Of(DelegationKind.Empty, path, dentry, Verdict.Present);
            default:
                return Of(DelegationKind.Neg, path, dentry, Verdict.Neg);
        }
    }

    /// <summary>A part of an entry's destination; what is not a name itself carries the path that it stands for.</summary>
    private Delegation Tree(NameTree<Path> tree, Path path, Dentry entry, int depth, int stack)
    {
        if (tree is NameTree<Path>.Leaf leaf)
        {
            return Name(leaf.Value.Concat(path, entry.Prefix.Length), entry, depth, stack);
        }

        if (!Spend(1, stack))
        {
            return GaveUp(path, entry);
        }

        switch (tree)
        {
            case NameTree<Path>.Alt:
                var alternatives = ImmutableArray.CreateBuilder<Delegation>();
                AddAlternatives(alternatives, tree, path, entry, depth, stack);
                return Alt(path, entry, alternatives);
            case NameTree<Path>.Union union:
                return Union(union, path, entry, depth, stack);
            case NameTree<Path>.Fail:
                return Of(DelegationKind.Fail, path, entry, Verdict.Fail);
            case NameTree<Path>.Empty:
                return Of(DelegationKind.Empty, path, entry, Verdict.Present);
            default:
                return Of(DelegationKind.Neg, path, entry, Verdict.Neg);
        }
    }

    /// <summary>Alternatives of alternatives are one list.</summary>
    private void AddAlternatives(
        ImmutableArray<Delegation>.Builder alternatives,
        NameTree<Path> tree,
        Path path,
        Dentry entry,
        int depth,
        int stack
    )
    {
        if (_exhausted)
        {
            return;
        }

        if (tree is NameTree<Path>.Alt alt)
        {
            foreach (var alternative in alt.Trees)
            {
                AddAlternatives(alternatives, alternative, path, entry, depth, stack + 1);
            }

            return;
        }

        var step = Tree(tree, path, entry, depth, stack + 1);
        var decided = alternatives.Count > 0 && alternatives[^1] is not { Verdict: Verdict.Neg, Considered: true };
        alternatives.Add(decided ? step with { Considered = false } : step);
    }

    private static Delegation Alt(Path path, Dentry? dentry, ImmutableArray<Delegation>.Builder alternatives)
    {
        var verdict = Verdict.Neg;
        foreach (var alternative in alternatives)
        {
            if (alternative is { Considered: true, Verdict: not Verdict.Neg })
            {
                verdict = alternative.Verdict;
            }
        }

        return Of(DelegationKind.Alt, path, dentry, verdict, alternatives.DrainToImmutable());
    }

    private Delegation Union(NameTree<Path>.Union union, Path path, Dentry entry, int depth, int stack)
    {
        var members = ImmutableArray.CreateBuilder<Delegation>();
        var verdict = Verdict.Unknown;
        foreach (var (weight, tree) in union.Members)
        {
            if (_exhausted)
            {
                break;
            }

            var step = Tree(tree, path, entry, depth, stack + 1);
            members.Add(step with { Weight = weight });
            verdict = (verdict, step.Verdict) switch
            {
                (Verdict.Present, _) or (_, Verdict.Present) => Verdict.Present,
                (_, Verdict.Neg or Verdict.Fail) => Verdict.Neg,
                _ => verdict,
            };
        }

        return Of(DelegationKind.Union, path, entry, verdict, members.DrainToImmutable());
    }

    /// <summary>Counts nodes; false when that is too many, and then no further step is taken.</summary>
    private bool Spend(int nodes, int stack)
    {
        _nodes += nodes;
        _exhausted |= _nodes > _limits.MaxNodes || stack > _limits.MaxStack;
        return !_exhausted;
    }

    private Delegation GaveUp(Path path, Dentry? dentry) =>
        Error(path, dentry, _nodes > _limits.MaxNodes ? _limits.TooManyNodes : _limits.TooNested);

    private static Delegation Error(Path path, Dentry? dentry, string message) =>
        Of(DelegationKind.Error, path, dentry, Verdict.Unknown) with
        {
            Message = message,
        };

    private static Delegation Of(
        DelegationKind kind,
        Path path,
        Dentry? dentry,
        Verdict verdict,
        ImmutableArray<Delegation> children = default
    ) => new(kind, path, dentry) { Verdict = verdict, Children = children.IsDefault ? [] : children };
}
