using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Store;

public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Root, TimeProvider.System, null, _disk.Open);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public async Task a_full_disk_refuses_the_change_and_keeps_all_others(long free, bool failsToCut)
    {
        await using (var store = Open())
        {
            await store.WriteAsync(Commits.Put("books", "one"));
            (_disk.Free, _disk.FailsToCut) = (free, failsToCut);
            var error = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Commits.Put("books", "two")));
            Assert.Equal("the change could not be written: No space left on device", error.Message);
            Assert.Equal(("embedded", error.Message), (store.Status.Kind, store.Status.Error));
            Assert.NotNull(store.Status.Since);
            Assert.Equal("one", store.View.Namespace(Commits.Namespace).Find(Commits.Books)?.Text);

            (_disk.Free, _disk.FailsToCut) = (long.MaxValue, false);
            await store.WriteAsync(Commits.Put("books", "three"));
            Assert.Equal(new StoreStatus("embedded"), store.Status);
        }

        await using var again = Open();
        var history = again.View.Namespace(Commits.Namespace).Histories[Commits.Books];
        Assert.Equal(["one", "three"], history.Revisions.Select(r => r.Text));
    }

    [Fact]
    public async Task a_failed_flush_is_not_trusted_to_a_second_one()
    {
        await using (var store = Open())
        {
            await store.WriteAsync(Commits.Put("books", "one"));
            _disk.FailsToFlush = true;
            await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Commits.Put("books", "two")));
            await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Commits.Put("books", "three")));
            Assert.Equal("one", store.View.Namespace(Commits.Namespace).Find(Commits.Books)?.Text);
            _disk.FailsToFlush = false;
            await store.WriteAsync(Commits.Put("books", "four"));
            Assert.EndsWith(
                "000000000002.weftlog",
                Assert.Single(Directory.GetFiles(_folder.Root, "*.weftlog")),
                StringComparison.Ordinal
            );
        }

        await using var again = Open();
        var history = again.View.Namespace(Commits.Namespace).Histories[Commits.Books];
        Assert.Equal(["one", "four"], history.Revisions.Select(r => r.Text));
    }

    [Fact]
    public async Task nothing_is_acknowledged_before_it_is_flushed()
    {
        await using var store = Open();
        for (var i = 0; i < 20; i++)
        {
            await store.WriteAsync(Commits.Put("books", $"{i}"));
            Assert.Equal(0, _disk.Unflushed);
        }
    }
}
