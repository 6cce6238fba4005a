namespace Weft.Cli.Tests.Support;

/// <summary>A small mesh: a file namer, and a dtab that splits books between two versions.</summary>
public sealed class Bookshop : IDisposable
{
    private readonly TempFolder _folder = new();

    public Bookshop()
    {
        _folder.Write("disco/books-v1", "127.0.0.1 8081\n127.0.0.1 8082 * 0.5\n");
        _folder.Write("disco/books-v2", "127.0.0.1 8083\n");
        _folder.Write("disco/authors", "# none today\n");
        _folder.Write(
            "mesh/mesh.yaml",
            """
            apiVersion: weft.dev/v1
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: ../disco}
            ---
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: default}
            spec: |
              /host => /#/file ;
              /svc  => /host ;
              /svc/books => 0.9 * /host/books-v1 & 0.1 * /host/books-v2 ;
            """
        );
    }

    public string Mesh => System.IO.Path.Combine(_folder.Root, "mesh");

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Without(string text) => _folder.Without(text);

    public void Dispose() => _folder.Dispose();
}
