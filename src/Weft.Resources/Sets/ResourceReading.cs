using Weft.Naming;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>What came of reading one file by itself, without a look at others.</summary>
/// <param name="File">Its name.</param>
/// <param name="Resources">Its documents without problems.</param>
/// <param name="Problems">What is wrong, by line.</param>
/// <param name="Warnings">What is right but will surprise.</param>
public sealed record ResourceReading(
    string File,
    IReadOnlyList<Resource> Resources,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<Problem> Warnings
)
{
    public static ResourceReading Of(string file, string text)
    {
        var context = new DocumentContext(text, new ProblemSink(file), new ProblemSink(file));
        var resources = new List<Resource>();
        foreach (var document in YamlReader.Read(text, context.Problems))
        {
            if (DocumentReader.Read(document, context) is { } resource)
            {
                resources.Add(resource);
            }
        }
        return new ResourceReading(file, resources, context.Problems.ToList(), context.Warnings.ToList());
    }
}
