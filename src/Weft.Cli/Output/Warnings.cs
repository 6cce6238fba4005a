using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>Problems that do not stop a verb.</summary>
internal static class Warnings
{
    public static void Write(TextWriter error, IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            TextLine.Write(error, $"warning: {problem}");
        }
    }
}
