using Weft.Resources.Yaml;

namespace Weft.Resources.Tests.Yaml;

public sealed class YamlBoundsTests
{
    [Fact]
    public void A_text_beyond_the_size_bound_is_refused_unread()
    {
        var sink = new ProblemSink("f.yaml");
        Assert.Empty(YamlReader.Read(new string('#', 1024 * 1024 + 1), sink));
        Assert.StartsWith("f.yaml: the file has 1048577 characters", Assert.Single(sink.ToList()).ToString());
    }

    [Fact]
    public void The_size_bound_cannot_be_raised_beyond_ten_mebibytes() =>
        Assert.Equal(10 * 1024 * 1024, new YamlLimits { MaxChars = int.MaxValue }.MaxChars);

    [Fact]
    public void Documents_beyond_the_bound_are_refused_and_those_before_it_stand()
    {
        var sink = new ProblemSink("f.yaml");
        var documents = YamlReader.Read("---\na\n---\nb\n---\nc\n", sink, new YamlLimits { MaxDocuments = 2 });
        Assert.Equal(2, documents.Count);
        Assert.Equal("f.yaml:6:1: more than 2 documents; split the file", Assert.Single(sink.ToList()).ToString());
    }

    [Theory]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    public void Nesting_is_bounded(int levels, int problems)
    {
        var sink = new ProblemSink("f.yaml");
        YamlReader.Read(new string('[', levels) + "a" + new string(']', levels), sink);
        Assert.Equal(problems, sink.Count);
    }

    [Fact]
    public void Problems_beyond_their_bound_are_counted_as_one()
    {
        var sink = new ProblemSink("f.yaml");
        for (var i = 1; i <= ProblemSink.Max + 50; i++)
        {
            sink.Add(new Position(i, 1), "wrong");
        }
        Assert.Equal(ProblemSink.Max + 1, sink.ToList().Count);
        Assert.Equal("f.yaml: there are more problems than the 200 shown", sink.ToList()[^1].ToString());
    }

    [Fact]
    public void Documents_that_hold_nothing_are_skipped()
    {
        var sink = new ProblemSink("f.yaml");
        Assert.Single(YamlReader.Read("---\n# only a comment\n---\na: b\n---\n", sink));
        Assert.Equal(0, sink.Count);
    }
}
