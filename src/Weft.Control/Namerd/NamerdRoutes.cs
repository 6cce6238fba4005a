using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>
/// The API of Linkerd's namerd (its documents: namerd/docs/interface.md, HTTP Controller), so that programs written for it work. What namerd
/// calls a namespace is here a Dtab document of the namespace <c>default</c>.
/// </summary>
internal sealed class NamerdRoutes(DocumentService documents, NameBook book, WatchLoop watches, TimeProvider time)
{
    private const string Root = "/api/1";

    private delegate byte[] Show(NameSources sources, Dtab dtab, Naming.Path path);

    public IReadOnlyList<ApiRoute> All =>
        [
            new("GET", Root + "/dtabs", ListAsync),
            new("GET", Root + "/dtabs/{dtab}", GetAsync),
            new("HEAD", Root + "/dtabs/{dtab}", GetAsync),
            new("POST", Root + "/dtabs/{dtab}", CreateAsync),
            new("PUT", Root + "/dtabs/{dtab}", UpdateAsync),
            new("DELETE", Root + "/dtabs/{dtab}", DeleteAsync),
            new("GET", Root + "/bind/{dtab}", context => ShowAsync(context, Bind)),
            new("GET", Root + "/addr/{dtab}", context => ShowAsync(context, Addresses)),
            new("GET", Root + "/resolve/{dtab}", context => ShowAsync(context, Resolve)),
            new("GET", Root + "/delegate/{dtab}", context => ShowAsync(context, Delegate)),
        ];

    private async Task ListAsync(HttpContext context)
    {
        await documents.Store.ReadAsync(context.RequestAborted);
        await AnswerAsync(
            context,
            () =>
            {
                var names = Dtabs(documents.Store.View).Select(d => d.Name);
                return NamerdJson.Write(writer =>
                {
                    writer.WriteStartArray();
                    foreach (var name in names)
                    {
                        writer.WriteStringValue(name);
                    }

                    writer.WriteEndArray();
                });
            }
        );
    }

    private async Task GetAsync(HttpContext context)
    {
        await documents.Store.ReadAsync(context.RequestAborted);
        var name = NameOf(context);
        var key = new DocumentKey(DtabDocument.KindName, name);
        var asText = context
            .Request.Headers.Accept.ToString()
            .Contains(NamerdDtab.TextType, StringComparison.OrdinalIgnoreCase);
        var revision = documents.Store.View.Namespace(NamespaceName.Default).Find(key)?.Revision;
        if (revision is null)
        {
            throw NoDtab(name);
        }

        context.Response.Headers.ETag = Preconditions.TagOf(revision.Value);
        await AnswerAsync(
            context,
            () =>
            {
                var dtab = Dtabs(documents.Store.View).FirstOrDefault(d => d.Name == name)?.Dtab ?? Dtab.Empty;
                return asText
                    ? System.Text.Encoding.UTF8.GetBytes(dtab.Show())
                    : NamerdJson.Write(writer => NamerdJson.WriteDentries(writer, dtab));
            },
            asText ? NamerdDtab.TextType : "application/json"
        );
    }

    private async Task CreateAsync(HttpContext context)
    {
        var name = NameOf(context);
        try
        {
            await PutAsync(context, name, expected: 0);
        }
        catch (RefusedException refused) when (refused.Error.Error == ErrorInfo.Stale)
        {
            throw new RefusedException(
                409,
                new ErrorInfo
                {
                    Error = ErrorInfo.Exists,
                    Message = $"there is a dtab '{name}' already; PUT replaces it",
                }
            );
        }
    }

    private async Task UpdateAsync(HttpContext context)
    {
        var (name, expected) = (NameOf(context), Preconditions.Expected(context));
        var view = await documents.Store.ReadAsync(context.RequestAborted);
        var isThere =
            view.Namespace(NamespaceName.Default).Find(new DocumentKey(DtabDocument.KindName, name)) is not null;
        if (expected > 0 && !isThere)
        {
            throw NoDtab(name);
        }

        await PutAsync(context, name, expected);
    }

    private async Task PutAsync(HttpContext context, string name, long? expected)
    {
        var text = NamerdDtab.DocumentOf(name, await NamerdDtab.ReadAsync(context));
        var key = new DocumentKey(DtabDocument.KindName, name);
        var author = Gate.AuthorOf(context);
        try
        {
            var result = await documents.PutAsync(
                NamespaceName.Default,
                key,
                text,
                expected,
                author,
                context.RequestAborted
            );
            context.Response.Headers.ETag = Preconditions.TagOf(result.Revision);
            context.Response.StatusCode = 204;
        }
        catch (RefusedException refused) when (refused.Error.Error == ErrorInfo.Invalid)
        {
            throw new RefusedException(400, refused.Error);
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var key = new DocumentKey(DtabDocument.KindName, NameOf(context));
        var (expected, author) = (Preconditions.Expected(context), Gate.AuthorOf(context));
        await documents.RemoveAsync(NamespaceName.Default, key, expected, author, context.RequestAborted);
        context.Response.StatusCode = 204;
    }

    private async Task ShowAsync(HttpContext context, Show show)
    {
        var query = context.Request.Query;
        var name = NameOf(context);
        var path = NameQuery.PathOf(context);
        var extra = NamerdDtab.Parse(query["dtab"].ToString());
        await documents.Store.ReadAsync(context.RequestAborted);
        var sources = await book.OpenAsync(NamespaceName.Default, context.RequestAborted);
        await NameSettling.SettleAsync(sources, DtabOf(sources), path, time, context.RequestAborted);
        await AnswerAsync(
            context,
            () =>
            {
                var now = book.OpenAsync(NamespaceName.Default, context.RequestAborted);
                // Known since it was opened above: it answers at once.
                sources = now.IsCompletedSuccessfully ? now.GetAwaiter().GetResult() : sources;
                return show(sources, DtabOf(sources), path);
            }
        );

        Dtab DtabOf(NameSources from) => (from.Set.FindDtab(name)?.Dtab ?? Dtab.Empty).Concat(extra);
    }

    private async Task AnswerAsync(HttpContext context, Func<byte[]> show, string contentType = "application/json")
    {
        if (!bool.TryParse(context.Request.Query["watch"], out var isWatch) || !isWatch)
        {
            var once = show();
            context.Response.ContentType = contentType;
            context.Response.ContentLength = once.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(once, context.RequestAborted);
            }

            return;
        }

        byte[]? last = null;
        await watches.RunAsync(
            context,
            contentType,
            () =>
            {
                var now = show();
                if (last is not null && now.AsSpan().SequenceEqual(last))
                {
                    return null;
                }

                last = now;
                return now;
            }
        );
    }

    private static byte[] Bind(NameSources sources, Dtab dtab, Naming.Path path) =>
        NamerdJson.Write(w => NamerdJson.WriteBound(w, Binder.Bind(dtab, path, sources.Namer), sources.Endpoints));

    private static byte[] Addresses(NameSources sources, Dtab dtab, Naming.Path path) =>
        NamerdJson.Write(w => NamerdJson.WriteAddresses(w, sources.Endpoints.Endpoints(path)));

    private static byte[] Resolve(NameSources sources, Dtab dtab, Naming.Path path) =>
        NamerdJson.Write(w =>
            NamerdJson.WriteAddresses(w, AddressSets.Of(Binder.Bind(dtab, path, sources.Namer), sources.Endpoints))
        );

    private static byte[] Delegate(NameSources sources, Dtab dtab, Naming.Path path) =>
        NamerdJson.Write(w =>
            NamerdJson.WriteStep(w, Delegator.Delegate(dtab, path, sources.Namer), sources.Endpoints)
        );

    private IEnumerable<DtabDocument> Dtabs(StoreView view) =>
        documents.ModelOf(view.Namespace(NamespaceName.Default)).Set.Dtabs.OrderBy(d => d.Name, StringComparer.Ordinal);

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["dtab"]!;

    private static RefusedException NoDtab(string name) => RefusedException.NotFound($"there is no dtab '{name}'");
}
