using Weft.Api.Documents;
using Weft.Cli.Output;

namespace Weft.Cli.Control;

/// <summary>What documents would change, line by line, for people.</summary>
internal static class DifferenceText
{
    public static void Write(TextWriter output, IReadOnlyCollection<DocumentChangeInfo> changes)
    {
        if (changes.Count == 0)
        {
            output.WriteLine("no difference");
        }

        foreach (var change in changes)
        {
            var before = change.Before is { } revision ? $", now at revision {revision}" : "";
            TextLine.Write(output, $"{change.Change}: {change.Kind} {change.Name}{before}");
            DiffText.Write(output, change.Lines ?? []);
        }
    }
}
