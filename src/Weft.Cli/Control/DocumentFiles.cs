using System.CommandLine;
using Weft.Api.Documents;
using Weft.Cli.Invocation;
using Weft.Cli.Sources;
using Weft.Resources;

namespace Weft.Cli.Control;

/// <summary>The documents that <c>-f</c> names.</summary>
internal static class DocumentFiles
{
    public static Option<string[]> Option() =>
        new("--file", "-f")
        {
            Description = "A file or folder of documents, - for standard input; may be repeated",
            HelpName = "FILE|DIR",
            Required = true,
        };

    /// <summary>Reads them all.</summary>
    /// <exception cref="InvalidInputException">Something cannot be read; says all that cannot.</exception>
    public static ApplyRequest Read(CliContext context, IEnumerable<string> paths, long? unchangedSince = null)
    {
        var files = new List<DocumentFile>();
        var unreadable = new List<string>();
        foreach (var path in paths)
        {
            if (path == InputText.StandardInput)
            {
                var (name, text) = InputText.Read(context, path);
                files.Add(new DocumentFile(name, text));
                continue;
            }

            var (texts, problems) = ResourceFolder.Read(path);
            files.AddRange(texts.Select(t => new DocumentFile(t.File, t.Text)));
            unreadable.AddRange(problems.Select(p => p.ToString()));
            if (texts.Count == 0 && problems.Count == 0)
            {
                unreadable.Add($"{path}: the folder holds no documents; they end in .yaml or .yml");
            }
        }

        return unreadable.Count == 0
            ? new ApplyRequest { Files = files, UnchangedSince = unchangedSince }
            : throw new InvalidInputException(string.Join(Environment.NewLine, unreadable));
    }
}
