using FsCheck.Fluent;
using Weft.Naming.Tests.Properties;

namespace Weft.Naming.Tests.Dtabs;

public sealed class DtabIndexTests
{
    [Fact]
    public void An_indexed_table_answers_like_a_scanned_one() =>
        Generate.Check(
            from prefixes in Gen.ListOf(Generate.Prefix, 40)
            from paths in Gen.ListOf(Generate.Path, 10)
            select (prefixes, paths),
            given =>
            {
                var dtab = new Dtab([.. given.prefixes.Select((prefix, i) => new Dentry(prefix, Leaf(i)))]);
                var index = new DtabIndex(dtab.Dentries);
                foreach (var path in given.paths)
                {
                    for (var before = 0; before <= dtab.Length; before++)
                    {
                        Assert.Equal(
                            dtab.Dentries[..before].ToList().FindLastIndex(d => d.Prefix.Matches(path)),
                            index.LastMatch(path, before)
                        );
                    }
                }
            },
            runs: 100
        );

    [Fact]
    public void Prefixes_deeper_than_the_index_match_by_all_their_labels()
    {
        var index = new DtabIndex(Dtab.Parse("/a/b/c/d/e/f => /1 ; /a/b/c/d/e/g => /2 ; /a/*/c/d/*/f => /3").Dentries);
        Assert.Equal(2, index.LastMatch(Path.Parse("/a/b/c/d/e/f/x"), 3));
        Assert.Equal(0, index.LastMatch(Path.Parse("/a/b/c/d/e/f/x"), 2));
        Assert.Equal(1, index.LastMatch(Path.Parse("/a/b/c/d/e/g"), 3));
        Assert.Equal(-1, index.LastMatch(Path.Parse("/a/b/c/d/e"), 3));
    }

    [Fact]
    public void A_large_table_answers_the_same_before_and_after_it_is_indexed()
    {
        var dtab = Dtab.Parse(
            string.Concat(Enumerable.Range(0, 10 * Dtab.Small).Select(i => $"/svc/{i} => /host/{i};"))
        );
        for (var i = 0; i < 2 * Dtab.ScansBeforeIndex; i++)
        {
            Assert.Equal(
                Path.Parse($"/host/{i}/x"),
                Assert.IsType<NameTree<Path>.Leaf>(dtab.Lookup(Path.Parse($"/svc/{i}/x"))).Value
            );
        }
    }

    private static NameTree<Path>.Leaf Leaf(int i) => new(Path.Of($"{i}"));
}
