namespace Weft.Resources;

/// <summary>gRPC's statuses as documents and metrics name them.</summary>
public static class GrpcStatusNames
{
    /// <summary>Each name at the place of its code, from <c>ok</c> at 0 to <c>unauthenticated</c> at 16.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "ok",
        "cancelled",
        "unknown",
        "invalid-argument",
        "deadline-exceeded",
        "not-found",
        "already-exists",
        "permission-denied",
        "resource-exhausted",
        "failed-precondition",
        "aborted",
        "out-of-range",
        "unimplemented",
        "internal",
        "unavailable",
        "data-loss",
        "unauthenticated",
    ];

    /// <summary>The code that a name stands for; -1 when it stands for none.</summary>
    public static int CodeOf(string name)
    {
        for (var code = 0; code < All.Count; code++)
        {
            if (All[code] == name)
            {
                return code;
            }
        }

        return -1;
    }
}
