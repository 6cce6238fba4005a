namespace Weft.Resources;

/// <summary>Bounds that many keys share.</summary>
internal static class Ranges
{
    /// <summary>Longer than nothing, and no longer than a day.</summary>
    public static readonly (TimeSpan, TimeSpan) Timeout = (TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));

    /// <summary>As <see cref="Timeout"/>, but zero stands for none.</summary>
    public static readonly (TimeSpan, TimeSpan) TimeoutOrNone = (TimeSpan.Zero, TimeSpan.FromHours(24));

    public static readonly (double, double) Share = (0, 1);
}

/// <summary>Words with a part that the author chooses.</summary>
internal static class Words
{
    /// <summary>Whether a text is one of the kinds, a colon, and a name: <c>header:x-user</c>.</summary>
    public static bool IsNamed(string text, params ReadOnlySpan<string> kinds)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Identifier.IsToken(text.AsSpan(colon + 1)) && kinds.Contains(text[..colon]);
    }
}
