namespace Weft.Naming.Tests.Paths;

public sealed class PathTests
{
    [Fact]
    public void Texts_become_labels_of_their_utf8_bytes() =>
        Assert.Equal(@"/svc/\x63\x61\x66\xc3\xa9", Path.FromUtf8Labels("svc", "café").ToString());

    [Fact]
    public void A_label_holds_bytes_and_is_not_empty()
    {
        Assert.Throws<ArgumentException>(() => Path.Of("a", ""));
        Assert.Throws<ArgumentException>(() => Path.Of("\u0100"));
        Assert.Throws<ArgumentException>(() => new Prefix(["\u0100"]));
        Assert.Equal(@"/\xff", Path.Of("\u00ff").ToString());
    }

    [Fact]
    public void Paths_are_equal_by_their_labels()
    {
        var path = Path.Of("a", "b");
        Assert.Equal(path, Path.Parse("/a/b"));
        Assert.Equal(path.GetHashCode(), Path.Parse("/a/b").GetHashCode());
        Assert.True(path == Path.Parse("/a/b"));
        Assert.True(path != Path.Parse("/a"));
        Assert.NotEqual(Path.Of("ab"), path);
    }

    [Fact]
    public void Paths_are_taken_apart_and_joined()
    {
        var path = Path.Parse("/a/b/c");
        Assert.Equal("/b/c", path.Skip(1).ToString());
        Assert.Equal("/a/b", path.Take(2).ToString());
        Assert.Equal("/b", path.Slice(1, 1).ToString());
        Assert.Same(Path.Root, path.Skip(3));
        Assert.Same(path, path.Take(3));
        Assert.Equal("/x/b/c", Path.Of("x").Concat(path, 1).ToString());
        Assert.Same(path, path.Concat(Path.Root));
        Assert.Same(path, Path.Root.Concat(path));
        Assert.Throws<ArgumentOutOfRangeException>(() => path.Skip(4));
    }

    [Fact]
    public void A_path_starts_with_whole_labels()
    {
        var path = Path.Parse("/ab/c");
        Assert.True(path.StartsWith(Path.Root));
        Assert.True(path.StartsWith(Path.Of("ab")));
        Assert.True(path.StartsWith(path));
        Assert.False(path.StartsWith(Path.Of("a")));
        Assert.False(Path.Of("ab").StartsWith(path));
    }
}
