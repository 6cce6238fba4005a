using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Store;

public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Root, TimeProvider.System);

    [Fact]
    public async Task what_was_written_is_read_with_author_time_and_revisions()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("web", "one"));
        var done = await store.WriteAsync(Commits.Put("books", "two"));

        var books = store.View.Namespace(Commits.Namespace).Find(Commits.Books);
        Assert.Equal(new DocumentRevision(Commits.Books, "two", 2, 1, "tester", books!.Time), books);
        Assert.Equal((2, store.View), (done.Revision, done.View));
    }

    [Fact]
    public async Task a_revision_that_the_author_does_not_know_is_not_overwritten()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("books", "one", expected: 0));
        await store.WriteAsync(Commits.Put("books", "two", expected: 1));

        var stale = Assert.IsType<CommitOutcome.Stale>(
            await store.CommitAsync(Commits.Put("books", "three", expected: 1))
        );
        Assert.Equal((1, "two", 2), (stale.Expected, stale.Current?.Text, stale.Current!.Revision));
        Assert.IsType<CommitOutcome.Stale>(await store.CommitAsync(Commits.Put("books", "three", expected: 0)));
        Assert.IsType<CommitOutcome.Stale>(await store.CommitAsync(Commits.Remove("nobody", expected: 7)));
    }

    [Fact]
    public async Task of_writers_with_the_same_knowledge_one_wins()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("books", "0"));

        var outcomes = await Task.WhenAll(
            Enumerable.Range(1, 50).Select(i => store.CommitAsync(Commits.Put("books", $"{i}", expected: 1)))
        );

        Assert.Single(outcomes.OfType<CommitOutcome.Committed>());
        Assert.Equal(49, outcomes.OfType<CommitOutcome.Stale>().Count());
    }

    [Fact]
    public async Task changes_of_one_commit_come_together_or_not_at_all()
    {
        await using var store = Open();
        var both = Commits.Put("web", "x") with
        {
            Changes = [.. Commits.Put("web", "x").Changes, .. Commits.Put("books", "y", expected: 9).Changes],
        };

        Assert.IsType<CommitOutcome.Stale>(await store.CommitAsync(both));
        Assert.Equal(0, store.View.Revision);
    }

    [Fact]
    public async Task what_says_the_same_is_no_new_revision()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("books", "one"));
        var again = await store.WriteAsync(Commits.Put("books", "one"));

        Assert.Equal((1, 1), (again.Revision, store.View.Revision));
        Assert.Empty(again.Written);
    }

    [Fact]
    public async Task a_namespace_that_moved_on_since_it_was_checked_is_left_alone()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("books", "one"));
        await store.WriteAsync(Commits.Put("books", "one") with { Namespace = "other" });

        Assert.IsType<CommitOutcome.Moved>(
            await store.CommitAsync(Commits.Put("web", "x") with { ExpectedNamespace = 0 })
        );
        Assert.IsType<CommitOutcome.Committed>(
            await store.CommitAsync(Commits.Put("web", "x") with { ExpectedNamespace = 1 })
        );
    }

    [Fact]
    public async Task a_removed_document_keeps_its_history_and_goes_on_counting()
    {
        await using var store = Open();
        await store.WriteAsync(Commits.Put("books", "one"));
        await store.WriteAsync(Commits.Remove("books"));
        Assert.Null(store.View.Namespace(Commits.Namespace).Find(Commits.Books));
        await store.WriteAsync(Commits.Put("books", "two", expected: 0));

        var history = store.View.Namespace(Commits.Namespace).Histories[Commits.Books];
        Assert.Equal(["one", null, "two"], history.Revisions.Select(r => r.Text));
        Assert.Equal([1, 2, 3], history.Revisions.Select(r => r.Version));
        Assert.Equal("one", history.Find(1)?.Text);
    }

    [Fact]
    public async Task a_history_is_bounded()
    {
        await using var store = Open();
        for (var i = 0; i < DocumentHistory.MaxRevisions + 5; i++)
        {
            await store.WriteAsync(Commits.Put("books", $"{i}"));
        }

        var history = store.View.Namespace(Commits.Namespace).Histories[Commits.Books];
        Assert.Equal((DocumentHistory.MaxRevisions, "5"), (history.Revisions.Length, history.Revisions[0].Text));
    }

    [Fact]
    public async Task removed_documents_are_forgotten_beyond_a_bound_and_this_is_known()
    {
        await using (var store = Open())
        {
            var names = Enumerable.Range(0, NamespaceView.MaxRemoved + 3).Select(i => $"s{i:D5}").ToArray();
            await store.WriteAsync(
                Commits.Put("x", "") with
                {
                    Changes = [.. names.SelectMany(n => Commits.Put(n, "t").Changes)],
                }
            );
            foreach (var name in names)
            {
                await store.WriteAsync(Commits.Remove(name));
            }
        }

        await using var again = Open();
        var ns = again.View.Namespace(Commits.Namespace);
        Assert.Equal((0, NamespaceView.MaxRemoved, 4), (ns.Count, ns.Histories.Count, ns.ForgottenUpTo));
    }

    [Fact]
    public async Task a_store_that_is_opened_again_says_the_same()
    {
        string[] told;
        await using (var store = Open())
        {
            await store.WriteAsync(Commits.Put("books", "one"));
            await store.WriteAsync(Commits.Put("books", "zwei – 二"));
            await store.WriteAsync(Commits.Remove("books"));
            await store.WriteAsync(Commits.Put("web", "") with { Namespace = "other" });
            told = store.View.Told();
        }

        await using var again = Open();
        Assert.Equal(told, again.View.Told());
    }

    [Fact]
    public async Task a_log_that_outgrows_its_state_is_replaced_by_a_shorter_one()
    {
        string[] told;
        var text = new string('x', 100_000);
        await using (var store = Open())
        {
            for (var i = 0; i < 200; i++)
            {
                await store.WriteAsync(Commits.Put("books", $"{text}{i}"));
            }

            told = store.View.Told();
        }

        var file = Assert.Single(Directory.GetFiles(_folder.Root, "*.weftlog"));
        Assert.True(new FileInfo(file).Length < 200 * 100_000, "the file still holds all revisions ever written");
        await using var again = Open();
        Assert.Equal(told, again.View.Told());
    }

    [Fact]
    public async Task a_folder_is_of_one_process()
    {
        await using var store = Open();
        var error = Assert.Throws<StoreException>(() => Open());
        Assert.Contains("another control plane uses it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_change_is_told_after_it_can_be_read()
    {
        await using var store = Open();
        var told = new List<long>();
        store.Changed += view => told.Add(store.View.Revision == view.Revision ? view.Revision : -1);
        await store.WriteAsync(Commits.Put("books", "one"));
        await store.WriteAsync(Commits.Put("books", "two"));
        await store.DisposeAsync();

        Assert.Equal([1, 2], told);
    }

    [Fact]
    public async Task a_closed_store_says_so()
    {
        var store = Open();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Commits.Put("books", "x")));
    }
}
