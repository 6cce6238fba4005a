using Weft.Naming;

namespace Weft.Cli.Checks;

/// <summary>Whether a proxy that does not run yet would start: its file, its documents, the files and folders that they name.</summary>
internal static class FileChecks
{
    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        facts.Files.SelectMany(f => FindingList.Bounded([.. Of(f)]));

    private static IEnumerable<Finding> Of(FileFacts file)
    {
        foreach (var problem in file.Errors)
        {
            yield return Finding.Error(CheckNames.Files, file.Target, Place(problem), RemedyOf(problem));
        }

        foreach (var problem in file.Warnings)
        {
            yield return Finding.Warning(CheckNames.Files, file.Target, Place(problem), RemedyOf(problem));
        }

        foreach (var (key, path, isWritten, trouble) in file.Paths)
        {
            if (trouble is not null)
            {
                yield return Finding.Error(
                    CheckNames.Files,
                    file.Target,
                    $"'{key}': {path} cannot be {(isWritten ? "written" : "read")}: {trouble}",
                    "correct the path, or let the user that runs the proxy use it"
                );
            }
        }

        if (file.Errors.Count == 0 && file.Warnings.Count == 0 && file.Paths.All(p => p.Trouble is null))
        {
            yield return Finding.Ok(CheckNames.Files, file.Target, "valid, and what it names can be used");
        }
    }

    private static string Place(Problem problem) => (problem with { Remedy = null }).ToString();

    private static string RemedyOf(Problem problem) =>
        problem.Remedy ?? "correct it; 'weft validate' shows all such places";
}
