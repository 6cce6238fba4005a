namespace Weft.Cli.Invocation;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It ran, and the answer is no.</summary>
    public const int No = 1;

    /// <summary>Wrong usage, or input that is not valid.</summary>
    public const int Invalid = 2;

    /// <summary>Stopped by a signal, as shells have it for SIGINT.</summary>
    public const int Interrupted = 130;
}
