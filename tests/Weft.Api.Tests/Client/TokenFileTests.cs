using Weft.Api.Client;

namespace Weft.Api.Tests.Client;

public sealed class TokenFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("0123456789abcdef", "0123456789abcdef")]
    [InlineData("ada 0123456789abcdef  \nbob another", "0123456789abcdef")]
    [InlineData("\n0123456789abcdef", null)]
    [InlineData("  ", null)]
    [InlineData("", null)]
    public void the_token_is_the_last_word_of_the_first_line(string text, string? token)
    {
        File.WriteAllText(_file, text);
        Assert.Equal(token, TokenFile.Read(_file));
        Assert.Equal(token, TokenFile.TryRead(_file));
    }

    [Fact]
    public void a_file_that_is_not_there_has_none_for_whoever_only_tries()
    {
        Assert.Throws<FileNotFoundException>(() => TokenFile.Read(_file + "-none"));
        Assert.Null(TokenFile.TryRead(_file + "-none"));
    }
}
