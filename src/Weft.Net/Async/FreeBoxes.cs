using System.Runtime.CompilerServices;

namespace Weft.Net;

/// <summary>
/// The boxes of this thread that no loop method is suspended in, a stack for each method. In one place for all methods: a static of the thread in a
/// generic class costs a call at each look.
/// </summary>
internal static class FreeBoxes
{
    [ThreadStatic]
    private static Topmost[]? t_tops;

    private static int s_places;

    /// <summary>A place for the boxes of one more method, the same in all threads.</summary>
    public static int NextPlace() => Interlocked.Increment(ref s_places) - 1;

    /// <summary>The topmost box of one method; null when none is free.</summary>
    /// <param name="place">Which method: from <see cref="NextPlace"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref object? Top(int place)
    {
        var tops = t_tops;
        if (tops is null || (uint)place >= (uint)tops.Length)
        {
            tops = Grow(place);
        }

        return ref tops[place].Box;
    }

    private static Topmost[] Grow(int place)
    {
        Array.Resize(ref t_tops, Math.Max(place + 1, 2 * (t_tops?.Length ?? 32)));
        return t_tops;
    }

    /// <summary>Of a struct, because an array of objects checks the type of each that is put into it.</summary>
    private struct Topmost
    {
        public object? Box;
    }
}
