using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;

namespace Weft.Control;

/// <summary>Changes as they come: one JSON object a line.</summary>
internal sealed class WatchRoutes(DocumentService documents, WatchLoop watches)
{
    public IReadOnlyList<ApiRoute> All => [new("GET", "/api/v1/namespaces/{ns}/watch", WatchAsync)];

    private async Task WatchAsync(HttpContext context)
    {
        var ns = NamespaceName.Checked((string)context.Request.RouteValues["ns"]!);
        var since = Preconditions.Number(context, "since") ?? 0;
        var view = (await documents.Store.ReadAsync(context.RequestAborted)).Namespace(ns);
        if (since > 0 && since < view.ForgottenUpTo)
        {
            throw new RefusedException(
                410,
                new ErrorInfo
                {
                    Error = ErrorInfo.Forgotten,
                    Message =
                        $"what was removed up to revision {view.ForgottenUpTo} is forgotten: read everything, and watch from there",
                }
            );
        }

        var last = since;
        var isFirst = true;
        await watches.RunAsync(
            context,
            "application/x-ndjson",
            () =>
            {
                var now = documents.Store.View.Namespace(ns);
                if (!isFirst && now.Revision <= last)
                {
                    return null;
                }

                var change = Answers.ChangesOf(now, last);
                (last, isFirst) = (Math.Max(last, now.Revision), false);
                return JsonSerializer.SerializeToUtf8Bytes(change, ControlJson.Plain.WatchEvent);
            }
        );
    }
}
