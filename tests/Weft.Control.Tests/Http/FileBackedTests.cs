using Weft.Control.Tests.Support;
using Weft.Telemetry;

namespace Weft.Control.Tests.Http;

public sealed class FileBackedTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly StringWriter _lines = new();
    private readonly Log _log;

    public FileBackedTests()
    {
        _log = new Log(_lines, TimeProvider.System);
        Write("a", "1");
        Write("b", "2");
    }

    public void Dispose()
    {
        _log.Dispose();
        _lines.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task a_change_of_either_file_is_read()
    {
        await using var secret = Open();
        Assert.Equal("1 2", secret.Current);
        Write("b", "3");
        Pass();
        Assert.Equal("1 3", secret.Current);
        Write("a", "4");
        Pass();
        Assert.Equal("4 3", secret.Current);
    }

    [Theory]
    [InlineData("bad")]
    [InlineData("")]
    [InlineData(null)]
    public async Task what_cannot_be_used_leaves_what_was_there_and_is_told(string? content)
    {
        await using var secret = Open();
        Write("a", content);
        Pass();
        Assert.Equal("1 2", secret.Current);

        Write("a", "3");
        Pass();
        Assert.Equal("3 2", secret.Current);
        _log.Dispose();
        Assert.Collection(
            _lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line =>
                Assert.Contains(
                    "a changed file cannot be used, what was read before stays",
                    line,
                    StringComparison.Ordinal
                ),
            line => Assert.Contains("a changed file was read again", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void what_cannot_be_used_at_the_start_is_refused()
    {
        Write("a", "bad");
        Assert.Throws<StoreException>(Open);
    }

    [Fact]
    public async Task nothing_is_told_where_nothing_changes()
    {
        await using (Open())
        {
            Pass();
        }

        _log.Dispose();
        Assert.Empty(_lines.ToString());
    }

    private FileBacked<string> Open() => new("secret", [_folder["a"], _folder["b"]], Read, _time, _log);

    private string Read()
    {
        try
        {
            var words = new[] { "a", "b" }.Select(f => File.ReadAllText(_folder[f])).ToArray();
            return words.All(w => w.Length == 1) ? string.Join(' ', words) : throw new StoreException("not a digit");
        }
        catch (IOException error)
        {
            throw new StoreException("cannot be read", error);
        }
    }

    /// <summary>Long enough for whatever a look waits for.</summary>
    private void Pass() => _time.Advance(2000);

    /// <param name="content">Null to delete it.</param>
    private void Write(string name, string? content)
    {
        if (content is null)
        {
            File.Delete(_folder[name]);
        }
        else
        {
            File.WriteAllText(_folder[name], content);
        }
    }
}
