namespace Weft.Net;

/// <summary>How a <see cref="Relay"/> ended.</summary>
public enum RelayEnd : byte
{
    /// <summary>Both sides have ended their streams, and each has all that the other sent.</summary>
    Finished,

    /// <summary>The first connection broke, or was closed here.</summary>
    FirstBroke,

    /// <summary>The second connection broke, or was closed here.</summary>
    SecondBroke,

    /// <summary>No byte moved for too long.</summary>
    Idle,
}
