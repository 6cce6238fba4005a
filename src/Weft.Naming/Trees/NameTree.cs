using System.Collections.Immutable;
using System.Text;

namespace Weft.Naming;

/// <summary>Alternatives and weighted unions of leaves, with value equality over the contents.</summary>
/// <typeparam name="T">What a leaf holds: a path that is still to be looked up, or a bound name.</typeparam>
public abstract record NameTree<T>
    where T : notnull
{
    private NameTree() { }

    /// <summary>The same tree with every leaf replaced.</summary>
    public abstract NameTree<TTo> Map<TTo>(Func<T, TTo> map)
        where TTo : notnull;

    /// <summary>The normal form. What was parsed and printed parses to an equal tree, weights included.</summary>
    public sealed override string ToString() => NameTreeText.Append(new StringBuilder(), this).ToString();

    /// <summary>One name.</summary>
    public sealed record Leaf(T Value) : NameTree<T>
    {
        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map) => new NameTree<TTo>.Leaf(map(Value));
    }

    /// <summary>Alternatives: the first that is not neg is taken.</summary>
    public sealed record Alt(ImmutableArray<NameTree<T>> Trees) : NameTree<T>
    {
        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map)
        {
            var trees = ImmutableArray.CreateBuilder<NameTree<TTo>>(Trees.Length);
            foreach (var tree in Trees)
            {
                trees.Add(tree.Map(map));
            }

            return new NameTree<TTo>.Alt(trees.MoveToImmutable());
        }

        public bool Equals(Alt? other) =>
            ReferenceEquals(this, other) || (other is not null && Trees.AsSpan().SequenceEqual(other.Trees.AsSpan()));

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var tree in Trees)
            {
                hash.Add(tree);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary>Members that share the load by weight.</summary>
    public sealed record Union(ImmutableArray<Weighted<T>> Members) : NameTree<T>
    {
        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map)
        {
            var members = ImmutableArray.CreateBuilder<Weighted<TTo>>(Members.Length);
            foreach (var (weight, tree) in Members)
            {
                members.Add(new Weighted<TTo>(weight, tree.Map(map)));
            }

            return new NameTree<TTo>.Union(members.MoveToImmutable());
        }

        public bool Equals(Union? other) =>
            ReferenceEquals(this, other)
            || (other is not null && Members.AsSpan().SequenceEqual(other.Members.AsSpan()));

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var member in Members)
            {
                hash.Add(member);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary><c>~</c>: does not exist, the next alternative is tried.</summary>
    public sealed record Neg : NameTree<T>
    {
        public static readonly Neg Instance = new();

        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map) => NameTree<TTo>.Neg.Instance;
    }

    /// <summary><c>!</c>: stop, no further alternative is tried.</summary>
    public sealed record Fail : NameTree<T>
    {
        public static readonly Fail Instance = new();

        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map) => NameTree<TTo>.Fail.Instance;
    }

    /// <summary><c>$</c>: exists and has no endpoints.</summary>
    public sealed record Empty : NameTree<T>
    {
        public static readonly Empty Instance = new();

        public override NameTree<TTo> Map<TTo>(Func<T, TTo> map) => NameTree<TTo>.Empty.Instance;
    }
}
