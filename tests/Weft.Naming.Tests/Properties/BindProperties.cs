using FsCheck.Fluent;
using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Properties;

public sealed class BindProperties
{
    private static readonly BindLimits s_limits = new() { MaxNodes = 500 };

    [Fact]
    public void Lookup_is_every_matching_entry_last_first() =>
        Generate.Check(
            Tables,
            given =>
            {
                var rewritten = new List<NameTree<Path>>();
                foreach (var (prefix, destination) in given.Dtab.Dentries.Reverse())
                {
                    if (prefix.Matches(given.Path))
                    {
                        rewritten.Add(destination.Map(to => to.Concat(given.Path.Skip(prefix.Length))));
                    }
                }

                NameTree<Path> expected = rewritten switch
                {
                    [] => NameTree<Path>.Neg.Instance,
                    [var sole] => sole,
                    _ => new NameTree<Path>.Alt([.. rewritten]),
                };
                Assert.Equal(expected, given.Dtab.Lookup(given.Path));
            }
        );

    [Fact]
    public void The_last_entry_wins() =>
        Generate.Check(
            Tables,
            given =>
            {
                var winner = new NameTree<Path>.Leaf(Path.Parse("/#/winner"));
                var dtab = given.Dtab.Concat(new Dtab([new Dentry(Prefix.Of(given.Path), winner)]));
                // Entries for '/' or '/*/*' may rewrite the winner itself: only its namer is asked here.
                var bound = Binder.Bind(dtab, given.Path, new ScriptedNamer().Bind("/#/winner"), s_limits);
                var first = dtab.Lookup(given.Path) is NameTree<Path>.Alt alt ? alt.Trees[0] : dtab.Lookup(given.Path);
                Assert.Equal(winner, first);
                if (given.Dtab.Lookup(winner.Value) is NameTree<Path>.Neg && !winner.Value.StartsWith(given.Path))
                {
                    Assert.Equal(NameState.Bound(winner.Value, Path.Root), bound);
                }
            }
        );

    [Fact]
    public void The_work_is_bounded_for_any_table() =>
        Generate.Check(
            Tables,
            given =>
            {
                var namer = new ScriptedNamer().Bind("/a/a", "/b", "/#");
                var binding = new Naming.Binding(given.Dtab, namer, s_limits);
                binding.Bind(new NameTree<Path>.Leaf(given.Path));
                // One step may overshoot by its own cost, which is that of one path and the table.
                Assert.InRange(binding.Nodes, 1, s_limits.MaxNodes + 10);
                Assert.InRange(namer.Asked.Count, 0, s_limits.MaxNodes);
            },
            runs: 1000
        );

    [Fact]
    public void What_is_bound_has_no_alternatives_and_no_absent_members() =>
        Generate.Check(
            Tables,
            given =>
            {
                var namer = new ScriptedNamer().Bind("/a/a", "/b", "/#");
                if (Binder.Bind(given.Dtab, given.Path, namer, s_limits) is NameState.Ok ok)
                {
                    AssertBound(ok.Tree);
                    Assert.Equal(ok.Tree, ok.Tree.Simplify());
                }
            },
            runs: 1000
        );

    [Fact]
    public void Delegation_and_binding_agree() =>
        Generate.Check(
            Tables,
            given =>
            {
                var namer = new ScriptedNamer().Bind("/a/a", "/b", "/#");
                namer["/c"] = NameState.Pending.Instance;
                namer["/a/b"] = new NameState.Failed("down");
                var bound = Binder.Bind(given.Dtab, given.Path, namer, s_limits);
                var steps = Delegator.Delegate(given.Dtab, given.Path, namer, s_limits);
                // Delegation also follows what binding does not reach, so it may run into a bound that binding did not.
                if (!GaveUp(steps))
                {
                    Assert.Equal(VerdictOf(bound), steps.Verdict);
                }
            },
            runs: 1000
        );

    private static FsCheck.Gen<(Dtab Dtab, Path Path)> Tables =>
        from dtab in Generate.Dtab
        from path in Generate.Path
        select (dtab, path);

    private static bool GaveUp(Delegation step) =>
        step.Message?.StartsWith("gave up", StringComparison.Ordinal) == true || step.Children.Any(GaveUp);

    private static Verdict VerdictOf(NameState state) =>
        state switch
        {
            NameState.Ok { Tree: NameTree<BoundName>.Neg } => Verdict.Neg,
            NameState.Ok { Tree: NameTree<BoundName>.Fail } => Verdict.Fail,
            NameState.Ok => Verdict.Present,
            _ => Verdict.Unknown,
        };

    private static void AssertBound(NameTree<BoundName> tree)
    {
        Assert.IsNotType<NameTree<BoundName>.Alt>(tree);
        if (tree is not NameTree<BoundName>.Union union)
        {
            return;
        }

        Assert.InRange(union.Members.Length, 2, int.MaxValue);
        foreach (var (_, member) in union.Members)
        {
            Assert.False(member is NameTree<BoundName>.Neg or NameTree<BoundName>.Fail);
            AssertBound(member);
        }
    }
}
