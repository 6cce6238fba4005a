using Microsoft.AspNetCore.Http;
using Weft.Naming;
using Weft.Resources;
using Weft.Resources.Yaml;

namespace Weft.Control;

/// <summary>Where names lead, by a namespace's documents and namers.</summary>
internal sealed class NameRoutes(DocumentService documents, NameBook book, TimeProvider time)
{
    /// <summary>The Dtab document that is meant when none is named.</summary>
    private const string DefaultDtab = "default";

    public IReadOnlyList<ApiRoute> All =>
        [
            new("GET", "/api/v1/namespaces/{ns}/delegate", DelegateAsync),
            new("GET", "/api/v1/namespaces/{ns}/resolve", ResolveAsync),
        ];

    private async Task DelegateAsync(HttpContext context)
    {
        var path = NameQuery.PathOf(context);
        var (sources, dtab) = await OpenAsync(context, path);
        var bound = Binder.Bind(dtab, path, sources.Namer);
        var tree = Delegator.Delegate(dtab, path, sources.Namer);
        await Bodies.WriteJsonAsync(context, writer => DelegationJson.Write(writer, path, tree, bound));
    }

    private async Task ResolveAsync(HttpContext context)
    {
        var path = NameQuery.PathOf(context);
        var (sources, dtab) = await OpenAsync(context, path);
        var bound = Binder.Bind(dtab, path, sources.Namer);
        var names = ResolvedName.Of(bound, sources.Endpoints);
        await Bodies.WriteJsonAsync(context, writer => ResolutionJson.Write(writer, path, bound, names));
    }

    private async Task<(NameSources Sources, Dtab Dtab)> OpenAsync(HttpContext context, Naming.Path path)
    {
        var stop = context.RequestAborted;
        var ns = (string)context.Request.RouteValues["ns"]!;
        var model = await documents.ReadAsync(ns, stop);
        // Namers are kept for a namespace that was asked about, and not for any that somebody thinks of.
        if (model.View.Revision == 0 && ns != NamespaceName.Default)
        {
            throw RefusedException.NotFound($"there is no namespace {ns}");
        }

        var dtab = DtabOf(context, model);
        var sources = await book.OpenAsync(ns, stop);
        await NameSettling.SettleAsync(sources, dtab, path, time, stop);
        return (sources, dtab);
    }

    private static Dtab DtabOf(HttpContext context, NamespaceModel model)
    {
        var query = context.Request.Query;
        var (given, entries) = (query["dtab-name"].ToString(), query["dtab"].ToString());
        var name = given.Length > 0 ? given : DefaultDtab;
        var found = model.Set.FindDtab(name);
        // Whoever brings entries needs no document, unless one was asked for.
        return found is null && (given.Length > 0 || entries.Length == 0)
            ? throw RefusedException.BadRequest($"there is no Dtab '{name}' in namespace {model.View.Name}; {Hint()}")
            : (found?.Dtab ?? Dtab.Empty).Concat(NamerdDtab.Parse(entries));

        string Hint()
        {
            string[] names = [.. model.Set.Dtabs.Select(d => d.Name).Order(StringComparer.Ordinal)];
            return NearestKey.Find(name, names) is { } nearest ? $"did you mean '{nearest}'?"
                : names.Length == 0 ? "there is no Dtab at all; give entries with 'dtab'"
                : $"there are: {string.Join(", ", names)}";
        }
    }
}
