using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Discovery;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>How this control plane is doing: its version and clock, its store, its documents and its namers.</summary>
internal sealed class StatusRoutes(DocumentService documents, NameBook book, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public IReadOnlyList<ApiRoute> All => [new("GET", "/api/v1/status", AnswerAsync)];

    private Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Query["namespace"].ToString();
        // Not what the store would say if it were asked: whether it can be asked is part of the answer.
        var view = documents.Store.View;
        var namespaces = name.Length > 0 ? [view.Namespace(NamespaceName.Checked(name))] : view.Namespaces.Values;
        var status = new ControlStatus
        {
            Version = ProgramVersion.Text,
            Time = time.GetUtcNow(),
            StartedAt = _startedAt,
            Store = StoreOf(documents.Store.Status, view.Revision),
            Namespaces = [.. namespaces.Select(StatusOf).OrderBy(n => n.Name, StringComparer.Ordinal)],
        };
        return Bodies.WriteJsonAsync(context, status, ControlJson.Plain.ControlStatus);
    }

    private static StoreInfo StoreOf(StoreStatus status, long revision) =>
        new(status.Kind, status.Error is null ? StoreInfo.Ok : StoreInfo.Failing, revision, status.Error, status.Since);

    private NamespaceStatus StatusOf(NamespaceView view)
    {
        var parse = documents.ModelOf(view).Parse;
        var namers = book.Reports(view.Name)?.Select(NamerOf) ?? parse.Set.Namers.Select(IdleOf);
        return new NamespaceStatus
        {
            Name = view.Name,
            Revision = view.Revision,
            Documents = view.Count,
            ErrorCount = parse.Problems.Count,
            WarningCount = parse.Warnings.Count,
            Errors = [.. parse.Problems.Take(NamespaceStatus.MaxProblems).Select(Answers.ProblemOf)],
            Warnings = [.. parse.Warnings.Take(NamespaceStatus.MaxProblems).Select(Answers.ProblemOf)],
            Namers = [.. namers],
        };
    }

    private static NamerInfo NamerOf(NamerReport report) =>
        new(
            report.Document.Name,
            report.Document.Spec.Kind,
            report.Document.Prefix.ToString(),
            report.State,
            Math.Round((report.FailingFor ?? TimeSpan.Zero).TotalSeconds, 3),
            [.. report.Problems.Select(p => p.ToString())]
        );

    private static NamerInfo IdleOf(NamerDocument document) =>
        new(document.Name, document.Spec.Kind, document.Prefix.ToString(), NamerInfo.Idle, null, []);
}
