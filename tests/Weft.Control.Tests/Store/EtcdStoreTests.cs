using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Store;

/// <summary>Against a real etcd; where there is none these tests are skipped and say so.</summary>
public sealed class EtcdStoreTests : IAsyncLifetime
{
    private Etcd _etcd = null!;

    public async ValueTask InitializeAsync()
    {
        // In continuous integration a missing one is a failure.
        Assert.SkipUnless(
            Etcd.IsInstalled || Environment.GetEnvironmentVariable("CI") is "true",
            "etcd is not installed (Debian: etcd-server)"
        );
        Assert.True(Etcd.IsInstalled, "etcd is not installed (Debian: etcd-server)");
        _etcd = await Etcd.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }
    }

    private Task<EtcdStore> OpenAsync() =>
        EtcdStore.OpenAsync(_etcd.Address, TimeProvider.System, null, TestContext.Current.CancellationToken);

    private static ValueTask<StoreView> ReadAsync(EtcdStore store) =>
        store.ReadAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task what_one_process_writes_the_others_read_at_once()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            var written = await (i % 2 == 0 ? one : two).WriteAsync(Commits.Put("books", $"text {i}"));
            var read = (await ReadAsync(i % 2 == 0 ? two : one)).Namespace(Commits.Namespace).Find(Commits.Books);
            Assert.Equal((written.Revision, $"text {i}", i + 1), (read!.Revision, read.Text, read.Version));
        }
    }

    [Fact]
    public async Task a_revision_that_the_author_does_not_know_is_not_overwritten()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var first = await one.WriteAsync(Commits.Put("books", "one", expected: 0));
        Assert.IsType<CommitOutcome.Stale>(await two.CommitAsync(Commits.Put("books", "two", expected: 0)));
        await two.WriteAsync(Commits.Put("books", "two", expected: first.Revision));
        var stale = Assert.IsType<CommitOutcome.Stale>(
            await one.CommitAsync(Commits.Put("books", "x", expected: first.Revision))
        );
        Assert.Equal("two", stale.Current?.Text);
        Assert.IsType<CommitOutcome.Moved>(
            await one.CommitAsync(Commits.Put("web", "x") with { ExpectedNamespace = first.Revision })
        );
    }

    [Fact]
    public async Task of_writers_with_the_same_knowledge_one_wins_whichever_process_they_ask()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var first = await one.WriteAsync(Commits.Put("books", "0"));
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(i => (i % 2 == 0 ? one : two).CommitAsync(Commits.Put("books", $"{i}", first.Revision)))
        );
        Assert.Single(outcomes.OfType<CommitOutcome.Committed>());
        Assert.Equal(19, outcomes.OfType<CommitOutcome.Stale>().Count());
    }

    [Fact]
    public async Task a_store_that_is_opened_again_says_the_same()
    {
        string[] told;
        await using (var store = await OpenAsync())
        {
            for (var i = 0; i < DocumentHistory.MaxRevisions + 3; i++)
            {
                await store.WriteAsync(Commits.Put("books", $"text {i}"));
            }

            await store.WriteAsync(Commits.Put("shop/web – 二", "x") with { Namespace = "other" });
            await store.WriteAsync(Commits.Remove("books"));
            told = (await ReadAsync(store)).Told();
        }

        await using var again = await OpenAsync();
        Assert.Equal(told, again.View.Told());
    }

    [Fact]
    public async Task several_documents_come_together_and_too_many_are_refused()
    {
        await using var store = await OpenAsync();
        var many = Enumerable.Range(0, EtcdStore.MaxChanges).SelectMany(i => Commits.Put($"s{i}", "x").Changes);
        var done = await store.WriteAsync(Commits.Put("x", "") with { Changes = [.. many] });
        Assert.Equal(EtcdStore.MaxChanges, done.Written.Length);
        Assert.Single(done.Written.Select(w => w.Revision).Distinct());
        // Again, so that each needs its place in the history as well.
        var more = Enumerable.Range(0, EtcdStore.MaxChanges + 1).SelectMany(i => Commits.Put($"s{i}", "y").Changes);
        await Assert.ThrowsAsync<StoreException>(() =>
            store.CommitAsync(Commits.Put("x", "") with { Changes = [.. more] })
        );
    }

    [Fact]
    public async Task while_etcd_is_down_what_is_known_stays_and_after_it_comes_back_all_goes_on()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        await one.WriteAsync(Commits.Put("books", "one"));
        await ReadAsync(two);
        await _etcd.KillAsync();

        await Assert.ThrowsAsync<StoreException>(() => one.CommitAsync(Commits.Put("books", "two")));
        await Assert.ThrowsAsync<StoreException>(async () => await ReadAsync(two));
        while (two.Status.Error is null)
        {
            // The watch has not noticed yet.
            await Assert.ThrowsAsync<StoreException>(async () => await ReadAsync(two));
        }

        Assert.Equal(("etcd", true), (two.Status.Kind, two.Status.Since is not null));
        Assert.Equal("one", two.View.Namespace(Commits.Namespace).Find(Commits.Books)?.Text);

        var told = new TaskCompletionSource<StoreView>(TaskCreationOptions.RunContinuationsAsynchronously);
        two.Changed += view => told.TrySetResult(view);
        await _etcd.RunAsync();
        Assert.IsType<CommitOutcome.Committed>(await EventuallyCommitAsync(one, Commits.Put("books", "three")));
        var view = await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("three", view.Namespace(Commits.Namespace).Find(Commits.Books)?.Text);
        while (two.Status.Error is not null)
        {
            await ReadAsync(two); // Everything is read, and the watch about to begin.
        }

        Assert.Equal(new StoreStatus("etcd"), two.Status);
    }

    [Fact]
    public async Task an_etcd_that_has_lost_its_memory_is_not_written_into_and_what_is_known_stays()
    {
        await using var store = await OpenAsync();
        await store.WriteAsync(Commits.Put("books", "one"));
        await _etcd.KillAsync();
        _etcd.Lose();
        await _etcd.RunAsync();

        var refused = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Commits.Put("books", "two")));
        Assert.Contains("it was emptied or restored", refused.Message, StringComparison.Ordinal);
        Assert.Equal("one", store.View.Namespace(Commits.Namespace).Find(Commits.Books)?.Text);
        await using var anew = await OpenAsync();
        await anew.WriteAsync(Commits.Put("books", "three"));
    }

    [Theory]
    [InlineData("etcd://", false)]
    [InlineData("http://127.0.0.1:2379", false)]
    [InlineData("etcd://a:1,b:2/x", false)]
    [InlineData("etcd://127.0.0.1:2379", true)]
    [InlineData("etcd://a:2379,b:2379,[::1]:2379/", true)]
    public void addresses_are_a_list_of_members(string text, bool isRight) =>
        Assert.Equal(isRight, EtcdEndpoints.Parse(text) is not null);

    /// <summary>A process that has just lost its watch may not have caught up yet, and says so.</summary>
    private static async Task<CommitOutcome> EventuallyCommitAsync(EtcdStore store, Commit commit)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await store.CommitAsync(commit);
            }
            catch (StoreException) when (attempt < 10)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
