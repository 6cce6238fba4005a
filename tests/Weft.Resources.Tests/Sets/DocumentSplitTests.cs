namespace Weft.Resources.Tests.Sets;

public sealed class DocumentSplitTests
{
    private static string[] Show(string text) =>
        [.. DocumentSplit.Split(text).Select(d => $"{d.Line}:{d.Text.Replace("\n", "|")}")];

    [Theory]
    [InlineData("a: 1\n", "1:a: 1|")]
    [InlineData("---\na: 1\n---\nb: 2", "2:a: 1|", "4:b: 2")]
    [InlineData("# c\na: 1\n...\n# d\nb: 2\n", "1:# c|a: 1|", "4:# d|b: 2|")]
    [InlineData("--- {a: 1}\n--- # x\n{b: 2}\n", "1: {a: 1}|", "3:{b: 2}|")]
    [InlineData("# nothing\n---\n\n---\n# nothing\n")]
    [InlineData("a: |\n  ---\n  x\n---\nb: 2\n", "1:a: |  ---|  x|", "5:b: 2|")]
    [InlineData("---a: 1\n", "1:---a: 1|")]
    [InlineData("a: 1\r\n---\r\nb: 2\r\n", "1:a: 1\r|", "3:b: 2\r|")]
    [InlineData("")]
    public void a_text_is_split_where_yaml_ends_documents(string text, params string[] expected) =>
        Assert.Equal(expected.Select(e => e.Replace("a: |  -", "a: ||  -")), Show(text));

    [Fact]
    public void each_part_reads_as_the_whole_did()
    {
        const string text = """
            # first
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: a}
            spec: '/a => /b'
            --- # second
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: b}
            spec: |
              /a => /c ;
            """;
        var whole = ResourceReading.Of("f", text).Resources;
        var parts = DocumentSplit.Split(text).Select(p => Assert.Single(ResourceReading.Of("f", p.Text).Resources));
        Assert.Equal(whole, parts);
        Assert.Equal(2, whole.Count);
    }
}
