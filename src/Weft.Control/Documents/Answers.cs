using Weft.Api.Documents;
using Weft.Naming;

namespace Weft.Control;

/// <summary>The API's words for what the control plane knows.</summary>
internal static class Answers
{
    public static DocumentInfo DocumentOf(DocumentRevision revision, bool withText) =>
        new()
        {
            Kind = revision.Key.Kind,
            Name = revision.Key.Name,
            Revision = revision.Revision,
            Version = revision.Version,
            Author = revision.Author,
            Time = revision.Time,
            Text = withText ? revision.Text : null,
            Removed = revision.IsRemoval,
        };

    public static ProblemInfo ProblemOf(Problem problem) =>
        new(problem.File, problem.Line, problem.Column, problem.Message, problem.Remedy);

    public static NamespaceList NamespacesOf(StoreView view) =>
        new(view.Revision, [.. view.Namespaces.Values.Select(n => new NamespaceInfo(n.Name, n.Revision, n.Count))]);

    public static DocumentList DocumentsOf(NamespaceView view, string? kind) =>
        new(
            view.Name,
            view.Revision,
            [
                .. view
                    .Documents.Where(d => kind is null || d.Key.Kind == kind)
                    .Select(d => DocumentOf(d, withText: false)),
            ]
        );

    /// <summary>What changed in a namespace after a revision; what was removed comes marked.</summary>
    public static WatchEvent ChangesOf(NamespaceView view, long since) =>
        new(
            view.Revision,
            [
                .. view
                    .Histories.Values.Select(h => h.Latest)
                    .Where(d => d.Revision > since && !(since == 0 && d.IsRemoval))
                    .Select(d => DocumentOf(d, withText: false)),
            ]
        );
}
