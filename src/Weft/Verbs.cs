using System.Runtime.CompilerServices;
using Weft.Cli;

namespace Weft;

/// <summary>Every verb but the plain form of one.</summary>
internal static class Verbs
{
    /// <inheritdoc cref="CommandLine.RunAsync(string[])"/>
    [MethodImpl(MethodImplOptions.NoInlining)] // Whatever method names Weft.Cli has it loaded, and a proxy does not need it.
    public static Task<int> RunAsync(string[] args) => CommandLine.RunAsync(args);
}
