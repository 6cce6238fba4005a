using Weft.Api.Mesh;

namespace Weft.Proxy.Tests.Control;

public sealed class RemoteDocumentsTests
{
    private readonly RemoteDocuments _documents = new();
    private readonly Dictionary<string, string?> _texts = [];

    private static Resource Named(string name, ulong version, Resource content)
    {
        content.Name = new ResourceName { Type = ResourceType.Document, Name = name };
        content.Version = version;
        return content;
    }

    private static Resource Dtab(string dentries, ulong version, string name = "default") =>
        Named(
            $"Dtab/{name}",
            version,
            new Resource { Document = $"kind: Dtab\nmetadata: {{name: {name}}}\nspec: \"{dentries}\"\n" }
        );

    [Fact]
    public void a_document_that_cannot_be_used_is_refused_by_itself_and_says_where_it_is_wrong()
    {
        Assert.Null(_documents.Take(Dtab("/a => /b", 1), _texts));
        Assert.Contains("Dtab/default:3", _documents.Take(Dtab("/a => => /b", 2), _texts), StringComparison.Ordinal);
        Assert.Null(_documents.Take(Dtab("/c => /d", 3, "other"), _texts));

        Assert.Contains("/a => /b", _texts["Dtab/default"], StringComparison.Ordinal);
        Assert.Contains("/c => /d", _texts["Dtab/other"], StringComparison.Ordinal);
        Assert.Single(_documents.Problems);
        Assert.Equal(4UL, _documents.Version);
    }

    [Fact]
    public void a_document_of_a_kind_that_is_not_known_here_is_refused_with_a_reason()
    {
        var refused = _documents.Take(
            Named("Future/x", 1, new Resource { Document = "kind: Future\nmetadata: {name: x}\nspec: {}\n" }),
            _texts
        );
        Assert.Contains("Future", refused, StringComparison.Ordinal);
        Assert.Empty(_texts);
    }

    [Fact]
    public void what_is_mended_or_gone_is_no_problem_any_more()
    {
        _documents.Take(Dtab("nonsense", 1), _texts);
        _documents.Take(Dtab("/a => /b", 2), _texts);
        Assert.Empty(_documents.Problems);

        _documents.Take(Dtab("nonsense", 3), _texts);
        _documents.Take(Named("Dtab/default", 4, new Resource { Absent = true }), _texts);
        Assert.Empty(_documents.Problems);
        Assert.Null(_texts["Dtab/default"]);
        Assert.Equal(0UL, _documents.Version);
    }
}
