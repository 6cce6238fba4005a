namespace Weft.Control.Tests.Store;

/// <summary>Commits in few words.</summary>
internal static class Commits
{
    public const string Namespace = "default";

    public static readonly DocumentKey Books = new("Service", "books");

    public static Commit Put(string name, string text, long? expected = null) =>
        new(Namespace, [new DocumentChange(new DocumentKey("Service", name), text, expected)], "tester");

    public static Commit Remove(string name, long? expected = null) =>
        new(Namespace, [new DocumentChange(new DocumentKey("Service", name), null, expected)], "tester");

    public static async Task<CommitOutcome> CommitAsync(this IDocumentStore store, Commit commit) =>
        await store.CommitAsync(commit, TestContext.Current.CancellationToken);

    public static async Task<CommitOutcome.Committed> WriteAsync(this IDocumentStore store, Commit commit) =>
        Assert.IsType<CommitOutcome.Committed>(await store.CommitAsync(commit));

    /// <summary>Everything that a view says, for comparison.</summary>
    public static string[] Told(this StoreView view) =>
        [
            .. view
                .Namespaces.Values.SelectMany(n =>
                    n.Histories.Values.SelectMany(h => h.Revisions).Select(r => $"{n.Name} {r}")
                )
                .Prepend($"revision {view.Revision}"),
        ];
}
