using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>The members of a union that remain once each is bound, and what the union comes to.</summary>
internal struct UnionSurvivors<T>
    where T : notnull
{
    private Weighted<T> _first;
    private ImmutableArray<Weighted<T>>.Builder? _all;
    private int _count;
    private bool _idle;

    /// <summary>Keeps a bound member, unless it is neg or fail, or empty with no share of the load.</summary>
    internal void Add(double weight, NameTree<T> member)
    {
        if (member is NameTree<T>.Neg or NameTree<T>.Fail)
        {
            return;
        }

        if (weight == 0 && member is NameTree<T>.Empty)
        {
            _idle = true;
            return;
        }

        var weighted = new Weighted<T>(weight, member);
        if (_count++ == 0)
        {
            _first = weighted;
            return;
        }

        _all ??= ImmutableArray.CreateBuilder<Weighted<T>>();
        if (_count == 2)
        {
            _all.Add(_first);
        }

        _all.Add(weighted);
    }

    /// <summary>Neg when none is left, the sole survivor without its weight, or the union of the survivors.</summary>
    internal readonly NameTree<T> Tree() =>
        _count switch
        {
            // Something did exist, if only without endpoints and without a share.
            0 when _idle => NameTree<T>.Empty.Instance,
            0 => NameTree<T>.Neg.Instance,
            1 => _first.Tree,
            _ => new NameTree<T>.Union(_all!.ToImmutable()),
        };
}
