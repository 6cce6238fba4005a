using System.CommandLine;

namespace Weft.Cli.Invocation;

/// <summary>A command whose help shows examples.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="examples">Lines as they can be typed into a shell.</param>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
