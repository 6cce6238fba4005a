using Weft.Cli.Invocation;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Cli.Sources;

/// <summary>What came of checking documents and a proxy's file.</summary>
/// <param name="Files">How many files were read.</param>
/// <param name="Documents">How many documents are right.</param>
/// <param name="Proxy">What the proxy's file says; null when there is none, or it cannot be used.</param>
internal sealed record Validation(
    int Files,
    int Documents,
    ProxyConfig? Proxy,
    IReadOnlyList<Problem> Errors,
    IReadOnlyList<Problem> Warnings
)
{
    public bool IsValid => Errors.Count == 0;

    public string Summary =>
        $"{(IsValid ? "valid" : "not valid")}: {Counted(Files, "file")}, {Counted(Documents, "document")}, "
        + $"{Counted(Errors.Count, "error")}, {Counted(Warnings.Count, "warning")}";

    /// <summary>Checks the files and folders together with the proxy's file and the documents that it names.</summary>
    /// <exception cref="InvalidInputException">The proxy's file or standard input cannot be read.</exception>
    public static Validation Run(CliContext context, IReadOnlyList<string> paths, string? proxyFile)
    {
        var errors = new List<Problem>();
        var warnings = new List<Problem>();
        ProxyConfig? proxy = null;
        if (proxyFile is not null)
        {
            var (name, text) = InputText.Read(context, proxyFile);
            (proxy, var problems) = ProxyConfig.Parse(text, name);
            errors.AddRange(problems);
        }

        var sources = new List<string>(paths);
        if (proxy?.Resources is { } named && !sources.Exists(p => IsSame(p, named)))
        {
            sources.Add(named);
        }

        var texts = new List<(string File, string Text)>();
        foreach (var path in sources)
        {
            if (path == InputText.StandardInput)
            {
                texts.Add(InputText.Read(context, path));
                continue;
            }

            var (read, unreadable) = ResourceFolder.Read(path);
            texts.AddRange(read);
            errors.AddRange(unreadable);
            if (read.Count == 0 && unreadable.Count == 0)
            {
                warnings.Add(new Problem(path, 0, 0, "the folder holds no documents", "they end in .yaml or .yml"));
            }
        }

        var parsed = ResourceSet.Parse(texts, proxy);
        errors.AddRange(parsed.Problems);
        warnings.AddRange(parsed.Warnings);
        var files = texts.Count + (proxyFile is null ? 0 : 1);
        return new Validation(files, parsed.Set.All.Count, proxy, errors, warnings);
    }

    private static bool IsSame(string path, string fullPath) =>
        path != InputText.StandardInput
        && System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path))
            == System.IO.Path.TrimEndingDirectorySeparator(fullPath);

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
