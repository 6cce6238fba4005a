using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Store;

public sealed class DamageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<(byte[] Bytes, List<(long Length, string[] Told)> Acknowledged)> WriteAsync()
    {
        var states = new List<(long, string[])>();
        await using var store = EmbeddedStore.Open(_folder["a"], TimeProvider.System);
        states.Add((Length(), store.View.Told()));
        for (var i = 0; i < 6; i++)
        {
            await store.WriteAsync(i == 4 ? Commits.Remove("books") : Commits.Put("books", $"text {i}"));
            states.Add((Length(), store.View.Told()));
        }

        await store.DisposeAsync();
        return (await File.ReadAllBytesAsync(LogOf("a")), states);

        long Length() => new FileInfo(LogOf("a")).Length;
    }

    private string LogOf(string name) => Directory.GetFiles(_folder[name], "*.weftlog").Single();

    private EmbeddedStore OpenWith(string name, ReadOnlySpan<byte> bytes)
    {
        var root = Directory.CreateDirectory(_folder[name]).FullName;
        File.WriteAllBytes(System.IO.Path.Combine(root, System.IO.Path.GetFileName(LogOf("a"))), bytes.ToArray());
        return EmbeddedStore.Open(root, TimeProvider.System);
    }

    [Fact]
    public async Task a_log_cut_at_any_byte_gives_what_was_acknowledged_by_then_and_goes_on()
    {
        var (bytes, states) = await WriteAsync();
        for (var length = (int)states[0].Length; length <= bytes.Length; length++)
        {
            var expected = states.Last(s => s.Length <= length).Told;
            await using (var store = OpenWith($"{length}", bytes.AsSpan(0, length)))
            {
                Assert.Equal(expected, store.View.Told());
                await store.WriteAsync(Commits.Put("after", "the crash"));
                expected = store.View.Told();
            }

            await using var again = EmbeddedStore.Open(_folder[$"{length}"], TimeProvider.System);
            Assert.Equal(expected, again.View.Told());
        }
    }

    [Fact]
    public async Task a_last_commit_that_is_not_what_was_written_is_never_served()
    {
        var (bytes, states) = await WriteAsync();
        for (var at = (int)states[^2].Length; at < bytes.Length; at++)
        {
            var torn = (byte[])bytes.Clone();
            torn[at] ^= 0x10;
            await using var store = OpenWith($"{at}", torn);
            Assert.Equal(states[^2].Told, store.View.Told());
        }
    }

    [Fact]
    public async Task a_tail_of_zeros_is_cut_off()
    {
        var (bytes, states) = await WriteAsync();
        await using var store = OpenWith("zeros", [.. bytes, .. new byte[8192]]);
        Assert.Equal(states[^1].Told, store.View.Told());
    }

    [Fact]
    public async Task damage_before_what_was_acknowledged_is_an_error_and_not_a_loss()
    {
        var (bytes, states) = await WriteAsync();
        for (var at = (int)states[2].Length; at < states[3].Length; at++)
        {
            var torn = (byte[])bytes.Clone();
            torn[at] ^= 0x10;
            var error = Assert.Throws<StoreException>(() => OpenWith($"{at}", torn));
            Assert.Contains($"damaged at byte {states[2].Length}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_damaged_beginning_is_an_error()
    {
        var (bytes, _) = await WriteAsync();
        bytes[20] ^= 1;
        Assert.Throws<StoreException>(() => OpenWith("x", bytes));
        Assert.Throws<StoreException>(() => OpenWith("y", []));
    }

    [Fact]
    public async Task what_a_newer_program_wrote_is_not_guessed_at()
    {
        await WriteAsync();
        var frame = new Records.Frame
        {
            Opening = new Records.Opening { Format = 99 },
            Ready = true,
        };
        var error = Assert.Throws<StoreException>(() => OpenWith("x", LogFrame.Encode(frame)));
        Assert.Contains("format 99", error.Message, StringComparison.Ordinal);
    }
}
