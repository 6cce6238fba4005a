using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>
/// Finds the entries of a large table that could match a path, by the first labels of their prefixes: a tree of labels
/// whose depth is bounded, so that a walk visits 2^<see cref="MaxDepth"/> nodes at most however many wildcards there are.
/// </summary>
internal sealed class DtabIndex
{
    private const int MaxDepth = 4;

    private readonly ImmutableArray<Dentry> _dentries;
    private readonly Node _root = new();

    internal DtabIndex(ImmutableArray<Dentry> dentries)
    {
        _dentries = dentries;
        for (var i = 0; i < dentries.Length; i++)
        {
            var node = _root;
            var elements = dentries[i].Prefix.Elements;
            for (var depth = 0; depth < Math.Min(elements.Length, MaxDepth); depth++)
            {
                node = node.Below(elements[depth]);
            }

            node.Entries.Add(i);
        }
    }

    /// <summary>The index of the last entry before <paramref name="before"/> that matches; -1 when none does.</summary>
    internal int LastMatch(Path path, int before) => LastMatch(_root, path, depth: 0, before, best: -1);

    private int LastMatch(Node node, Path path, int depth, int before, int best)
    {
        for (var i = node.Entries.Count - 1; i >= 0 && node.Entries[i] > best; i--)
        {
            var entry = node.Entries[i];
            if (entry < before && _dentries[entry].Prefix.Matches(path))
            {
                best = entry;
                break;
            }
        }

        if (depth < path.Length)
        {
            if (node.Labels is not null && node.Labels.TryGetValue(path[depth], out var next))
            {
                best = LastMatch(next, path, depth + 1, before, best);
            }

            if (node.Any is not null)
            {
                best = LastMatch(node.Any, path, depth + 1, before, best);
            }
        }

        return best;
    }

    private sealed class Node
    {
        /// <summary>Those whose prefix ends here, or goes on below the greatest depth; ascending.</summary>
        internal List<int> Entries { get; } = [];

        internal Dictionary<string, Node>? Labels { get; private set; }

        /// <summary>Below a <c>*</c>.</summary>
        internal Node? Any { get; private set; }

        internal Node Below(string? element)
        {
            if (element is null)
            {
                return Any ??= new Node();
            }

            Labels ??= [];
            if (!Labels.TryGetValue(element, out var node))
            {
                Labels[element] = node = new Node();
            }

            return node;
        }
    }
}
