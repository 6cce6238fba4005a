namespace Weft.Proxy;

/// <summary>What became of a request's copy, as <c>weft_mirrors_total</c> says it.</summary>
internal enum MirrorOutcome : byte
{
    /// <summary>It was answered, with what the mirror's policy does not count as a failure.</summary>
    Success,

    /// <summary>It was answered with a failure, or not in its time, or could not be sent.</summary>
    Failure,

    /// <summary>It was not made: too many were under way, its body was too large or did not come to its end, or there was nobody to send it to.</summary>
    Dropped,
}
