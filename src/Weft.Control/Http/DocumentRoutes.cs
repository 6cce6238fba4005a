using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;

namespace Weft.Control;

/// <summary>The documents' own API. OpenApi.json describes it.</summary>
internal sealed class DocumentRoutes(DocumentService documents)
{
    private const string Root = "/api/v1/namespaces";

    private static ControlJson Json => ControlJson.Plain;

    /// <summary>All routes, as a table of contents.</summary>
    public IReadOnlyList<ApiRoute> All =>
        [
            new("GET", Root, ListNamespacesAsync),
            new("GET", Root + "/{ns}/documents", ListAsync),
            new("GET", Root + "/{ns}/documents/{kind}/{**name}", GetAsync),
            new("PUT", Root + "/{ns}/documents/{kind}/{**name}", PutAsync),
            new("DELETE", Root + "/{ns}/documents/{kind}/{**name}", DeleteAsync),
            new("GET", Root + "/{ns}/history/{kind}/{**name}", HistoryAsync),
            new("POST", Root + "/{ns}/rollback/{kind}/{**name}", RollbackAsync),
            new("POST", Root + "/{ns}/apply", ApplyAsync),
            new("POST", Root + "/{ns}/diff", DiffAsync),
            new("POST", Root + "/{ns}/validate", ValidateAsync),
        ];

    private async Task ListNamespacesAsync(HttpContext context)
    {
        var view = await documents.Store.ReadAsync(context.RequestAborted);
        await Bodies.WriteJsonAsync(context, Answers.NamespacesOf(view), Json.NamespaceList);
    }

    private async Task ListAsync(HttpContext context)
    {
        var model = await documents.ReadAsync(Namespace(context), context.RequestAborted);
        var kind = context.Request.Query["kind"].ToString();
        var list = Answers.DocumentsOf(model.View, kind.Length > 0 ? kind : null);
        await Bodies.WriteJsonAsync(context, list, Json.DocumentList);
    }

    private async Task GetAsync(HttpContext context)
    {
        var model = await documents.ReadAsync(Namespace(context), context.RequestAborted);
        var key = Key(context);
        var document = Preconditions.Number(context, "revision") is { } revision
            ? model.View.Histories.GetValueOrDefault(key)?.Find(revision)
            : model.View.Find(key);
        if (document is null)
        {
            throw RefusedException.NotFound($"there is no {key} in namespace {model.View.Name}");
        }

        context.Response.Headers.ETag = Preconditions.TagOf(document.Revision);
        var asText = context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase);
        await (
            asText && document.Text is { } text
                ? Bodies.WriteTextAsync(context, text, "application/yaml; charset=utf-8")
                : Bodies.WriteJsonAsync(context, Answers.DocumentOf(document, withText: true), Json.DocumentInfo)
        );
    }

    private async Task PutAsync(HttpContext context)
    {
        var text = await Bodies.ReadTextAsync(context);
        var expected = Preconditions.Expected(context);
        await AnswerAsync(
            context,
            await documents.PutAsync(
                Namespace(context),
                Key(context),
                text,
                expected,
                Gate.AuthorOf(context),
                context.RequestAborted
            )
        );
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var expected = Preconditions.Expected(context);
        await AnswerAsync(
            context,
            await documents.RemoveAsync(
                Namespace(context),
                Key(context),
                expected,
                Gate.AuthorOf(context),
                context.RequestAborted
            )
        );
    }

    private async Task HistoryAsync(HttpContext context)
    {
        var model = await documents.ReadAsync(Namespace(context), context.RequestAborted);
        var key = Key(context);
        var history =
            model.View.Histories.GetValueOrDefault(key)
            ?? throw RefusedException.NotFound(
                $"there never was a {key} in namespace {model.View.Name}, as far as is still known"
            );
        var revisions = history.Revisions.Reverse().Select(r => Answers.DocumentOf(r, withText: true));
        await Bodies.WriteJsonAsync(
            context,
            new DocumentList(model.View.Name, model.View.Revision, [.. revisions]),
            Json.DocumentList
        );
    }

    private async Task RollbackAsync(HttpContext context)
    {
        var to =
            Preconditions.Number(context, "to")
            ?? throw RefusedException.BadRequest("'to' is missing: the revision to go back to, such as ?to=42");
        var (ns, key, expected) = (Namespace(context), Key(context), Preconditions.Expected(context));
        await AnswerAsync(
            context,
            await documents.RollbackAsync(ns, key, to, expected, Gate.AuthorOf(context), context.RequestAborted)
        );
    }

    private async Task ApplyAsync(HttpContext context)
    {
        var request = await Bodies.ReadDocumentsAsync(context);
        var result = await documents.ApplyAsync(
            Namespace(context),
            request,
            Gate.AuthorOf(context),
            context.RequestAborted
        );
        await Bodies.WriteJsonAsync(context, result, Json.ApplyResult);
    }

    private async Task DiffAsync(HttpContext context)
    {
        var request = await Bodies.ReadDocumentsAsync(context);
        var result = await documents.DiffAsync(Namespace(context), request, context.RequestAborted);
        await Bodies.WriteJsonAsync(context, result, Json.ApplyResult);
    }

    private async Task ValidateAsync(HttpContext context)
    {
        var request = await Bodies.ReadDocumentsAsync(context);
        var result = await documents.ValidateAsync(Namespace(context), request, context.RequestAborted);
        await Bodies.WriteJsonAsync(context, result, Json.ValidationResult);
    }

    private static Task AnswerAsync(HttpContext context, ApplyResult result)
    {
        context.Response.Headers.ETag = Preconditions.TagOf(result.Revision);
        var isNew = result.Changes.Any(c => c.Change == DocumentChangeInfo.Created);
        return Bodies.WriteJsonAsync(context, result, Json.ApplyResult, isNew ? 201 : 200);
    }

    private static string Namespace(HttpContext context) => (string)context.Request.RouteValues["ns"]!;

    private static DocumentKey Key(HttpContext context) =>
        new(
            (string)context.Request.RouteValues["kind"]!,
            context.Request.RouteValues["name"] as string
                ?? throw RefusedException.BadRequest("a document needs a name")
        );
}
