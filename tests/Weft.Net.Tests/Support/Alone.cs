namespace Weft.Net.Tests;

/// <summary>For tests that look at or change what belongs to the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
