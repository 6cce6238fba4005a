using System.Collections.Concurrent;
using System.Collections.Immutable;
using Weft.Api.Documents;
using Weft.Resources;

namespace Weft.Control;

/// <summary>What can be done with documents, over any store: nothing that is wrong gets in, and nobody overwrites what he does not know.</summary>
internal sealed class DocumentService(IDocumentStore store)
{
    /// <summary>How often a change is checked anew because others write all the time.</summary>
    private const int MaxAttempts = 20;

    private readonly ConcurrentDictionary<string, NamespaceModel> _models = new(StringComparer.Ordinal);

    public IDocumentStore Store => store;

    /// <summary>A namespace as of now, with what other processes wrote.</summary>
    public async ValueTask<NamespaceModel> ReadAsync(string ns, CancellationToken stop) =>
        ModelOf((await store.ReadAsync(stop)).Namespace(NamespaceName.Checked(ns)));

    /// <summary>The documents of a view, understood; what was understood before is not read again.</summary>
    public NamespaceModel ModelOf(NamespaceView view)
    {
        var known = _models.GetValueOrDefault(view.Name);
        if (known?.View == view)
        {
            return known;
        }

        var model = NamespaceModel.Of(view, known);
        if (view.Revision > 0)
        {
            _models[view.Name] = model;
        }

        return model;
    }

    /// <summary>Writes all documents of a request, or none.</summary>
    /// <exception cref="RefusedException">They are not valid, or stale.</exception>
    public async Task<ApplyResult> ApplyAsync(string ns, ApplyRequest request, string author, CancellationToken stop)
    {
        var offer = Read(request);
        return await WriteAsync(ns, offer, author, model => Changes(model, offer, request.UnchangedSince), stop);
    }

    /// <summary>Writes one document.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="key">What the document must call itself.</param>
    /// <param name="text">Its text.</param>
    /// <param name="expected">The revision that it must have now, 0 for none; null for any.</param>
    /// <param name="author">Who writes.</param>
    /// <param name="stop">Gives up waiting.</param>
    public async Task<ApplyResult> PutAsync(
        string ns,
        DocumentKey key,
        string text,
        long? expected,
        string author,
        CancellationToken stop
    )
    {
        var offer = Offer.Read([new DocumentFile(NamespaceModel.LabelOf(key), text)]);
        if (offer.Files[0].Problems.Count > 0)
        {
            throw RefusedException.Invalid(offer.Files[0].Problems);
        }

        if (offer.Documents is not [var one] || one.Key != key)
        {
            var given = offer.Documents.IsEmpty ? "nothing" : string.Join(" and ", offer.Documents.Select(d => d.Key));
            throw RefusedException.BadRequest($"the address is that of {key}, and the text holds {given}");
        }

        return await WriteAsync(ns, offer, author, _ => [new DocumentChange(key, one.Text, expected)], stop);
    }

    /// <summary>Removes one document.</summary>
    public async Task<ApplyResult> RemoveAsync(
        string ns,
        DocumentKey key,
        long? expected,
        string author,
        CancellationToken stop
    ) =>
        await WriteAsync(
            ns,
            new Offer([], []),
            author,
            model =>
                model.View.Find(key) is null && expected is null
                    ? throw RefusedException.NotFound($"there is no {key} in namespace {ns}")
                    : [new DocumentChange(key, null, expected)],
            stop
        );

    /// <summary>Makes a document say what it said at a revision; a removal is undone so, too.</summary>
    public async Task<ApplyResult> RollbackAsync(
        string ns,
        DocumentKey key,
        long revision,
        long? expected,
        string author,
        CancellationToken stop
    )
    {
        var model = await ReadAsync(ns, stop);
        var history =
            model.View.Histories.GetValueOrDefault(key)
            ?? throw RefusedException.NotFound($"there never was a {key} in namespace {ns}, as far as is still known");
        var found =
            history.Find(revision)
            ?? throw RefusedException.NotFound(
                $"{key} has no revision {revision}; it has {string.Join(", ", history.Revisions.Select(r => r.Revision))}"
            );
        return found.Text is { } text
            ? await PutAsync(ns, key, text, expected, author, stop)
            : await RemoveAsync(ns, key, expected, author, stop);
    }

    /// <summary>What would change, line by line, and nothing is written.</summary>
    public async Task<ApplyResult> DiffAsync(string ns, ApplyRequest request, CancellationToken stop) =>
        (await PlanAsync(ns, request, stop)).Difference;

    /// <summary>The documents as they are, and as they would be; nothing is written.</summary>
    /// <exception cref="RefusedException">They would not be valid.</exception>
    public async Task<ChangePlan> PlanAsync(string ns, ApplyRequest request, CancellationToken stop)
    {
        var model = await ReadAsync(ns, stop);
        var offer = Read(request);
        var after = Check(model, offer, offer.Keys);
        var changes = offer.Documents.Select(d =>
            ChangeInfos.Of(model.View.Find(d.Key), d.Key, d.Text, withLines: true)
        );
        var difference = new ApplyResult(model.View.Revision, [.. changes], Warnings(model, offer));
        return new ChangePlan(model, after.Set, difference);
    }

    /// <summary>All that is wrong with documents, alone and together with those that are there.</summary>
    public async Task<ValidationResult> ValidateAsync(string ns, ApplyRequest request, CancellationToken stop)
    {
        var model = await ReadAsync(ns, stop);
        var offer = Offer.Read(request.Files);
        var problems = model.NewProblems(model.With(offer.Keys, offer.Files));
        return new ValidationResult(
            problems.Count == 0,
            offer.Documents.Length,
            [.. problems.Select(Answers.ProblemOf)],
            Warnings(model, offer)
        );
    }

    private async Task<ApplyResult> WriteAsync(
        string ns,
        Offer offer,
        string author,
        Func<NamespaceModel, ImmutableArray<DocumentChange>> plan,
        CancellationToken stop
    )
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var model = await ReadAsync(ns, stop);
            var changes = plan(model);
            // What is stale is said first: whoever does not know the present cannot judge its problems.
            var commit = new Commit(ns, changes, author, model.View.Revision);
            if (
                CommitRules.Refusal(new StoreView(0, StoreView.Empty.Namespaces.SetItem(ns, model.View)), commit) is
                { } refusal
            )
            {
                ThrowStale(refusal, changes);
            }

            Check(model, offer, changes.Select(c => c.Key).ToHashSet());
            if (model.View.Revision == 0 && (await store.ReadAsync(stop)).Namespaces.Count >= StoreView.MaxNamespaces)
            {
                throw RefusedException.BadRequest(
                    $"there are {StoreView.MaxNamespaces} namespaces, and no more are kept"
                );
            }

            switch (await store.CommitAsync(commit, stop))
            {
                case CommitOutcome.Committed committed:
                    var after = ModelOf(committed.View.Namespace(ns));
                    var infos = changes.Select(c =>
                        ChangeInfos.Of(model.View.Find(c.Key), c.Key, c.Text, withLines: false)
                    );
                    return new ApplyResult(committed.Revision, [.. infos], Warnings(after, offer));
                case CommitOutcome.Stale stale:
                    ThrowStale(stale, changes);
                    break;
            }
        }

        throw new StoreException(
            $"namespace {ns} changed {MaxAttempts} times while this change was checked; try again"
        );
    }

    private static Offer Read(ApplyRequest request)
    {
        var offer = Offer.Read(request.Files);
        var problems = offer.Files.SelectMany(f => f.Problems).ToArray();
        if (problems.Length > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        return offer.Documents.Length switch
        {
            0 => throw RefusedException.BadRequest("there is no document in what was sent"),
            > Commit.MaxChanges => throw RefusedException.BadRequest(
                $"{offer.Documents.Length} documents are more than the {Commit.MaxChanges} of one change"
            ),
            _ => offer,
        };
    }

    private static ImmutableArray<DocumentChange> Changes(NamespaceModel model, Offer offer, long? unchangedSince) =>
        [
            .. offer.Documents.Select(d =>
            {
                var current = model.View.Histories.GetValueOrDefault(d.Key)?.Latest;
                var expected = unchangedSince is { } since && current?.Revision > since ? since : (long?)null;
                return new DocumentChange(d.Key, d.Text, expected);
            }),
        ];

    private static ResourceParse Check(NamespaceModel model, Offer offer, IReadOnlySet<DocumentKey> touched)
    {
        var after = model.With(touched, offer.Files);
        var problems = model.NewProblems(after);
        return problems.Count == 0 ? after : throw RefusedException.Invalid(problems);
    }

    private static void ThrowStale(CommitOutcome refusal, ImmutableArray<DocumentChange> changes)
    {
        if (refusal is CommitOutcome.Stale stale)
        {
            throw RefusedException.Stale(stale, changes.First(c => c.Key == stale.Key).Text);
        }
    }

    /// <summary>The warnings about the files of an offer, not about all that is there.</summary>
    private static IReadOnlyList<ProblemInfo> Warnings(NamespaceModel model, Offer offer)
    {
        var files = offer.Files.Select(f => f.File).ToHashSet(StringComparer.Ordinal);
        var together = model.With(offer.Keys, offer.Files);
        return [.. together.Warnings.Where(w => files.Contains(w.File)).Select(Answers.ProblemOf)];
    }
}
