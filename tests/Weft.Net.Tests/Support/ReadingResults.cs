namespace Weft.Net.Tests;

/// <summary>Reads a completed loop task on the spot, as the compiler's awaiter does; a task that is not complete throws.</summary>
internal static class ReadingResults
{
    public static T Read<T>(this LoopTask<T> task) => task.GetAwaiter().GetResult();

    public static void Read(this LoopTask task) => task.GetAwaiter().GetResult();
}
