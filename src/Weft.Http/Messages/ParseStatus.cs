namespace Weft.Http;

public enum ParseStatus : byte
{
    /// <summary>What is there is good so far; call again with more bytes.</summary>
    Incomplete,
    Complete,

    /// <summary>The message breaks a rule. Nothing on this connection can be trusted any more.</summary>
    Rejected,
}
