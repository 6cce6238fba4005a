using System.Text;

namespace Weft.Discovery.Tests.Http;

public sealed class LineReaderTests
{
    private static async Task<List<string>> Lines(string text, int maxBytes = 100_000)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var reader = new LineReader(stream, maxBytes);
        var lines = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }
        return lines;
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    public async Task A_stream_is_its_lines_and_what_is_behind_the_last(string text, string[] lines) =>
        Assert.Equal(lines, await Lines(text));

    [Fact]
    public async Task Lines_may_be_longer_than_what_is_read_at_once()
    {
        var lines = Enumerable.Range(1, 30).Select(i => new string((char)('a' + (i % 26)), i * 1000)).ToArray();
        Assert.Equal(lines, await Lines(string.Join('\n', lines)));
    }

    [Fact]
    public async Task A_line_beyond_the_bound_is_refused() =>
        await Assert.ThrowsAsync<BackendException>(() => Lines(new string('x', 10_001), maxBytes: 10_000));
}
