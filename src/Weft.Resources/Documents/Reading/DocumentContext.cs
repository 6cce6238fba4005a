using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>What the readers of one file's documents share.</summary>
/// <param name="Text">The whole file, for the places of embedded texts.</param>
internal sealed record DocumentContext(string Text, ProblemSink Problems, ProblemSink Warnings);

/// <summary>What all documents begin with.</summary>
internal sealed record Envelope(string Name, ValueList<Label> Labels, Origin Origin);
