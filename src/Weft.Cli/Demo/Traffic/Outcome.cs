namespace Weft.Cli.Demo;

/// <summary>How a visit of the shop ended, as the visitor saw it.</summary>
internal enum Outcome : byte
{
    /// <summary>A page.</summary>
    Success,

    /// <summary>An error that version 1 of authors made itself, passed on by everything in between.</summary>
    Fault,

    /// <summary>Any other end: an error that a proxy made, a connection that broke, no answer at all. The mesh lost the request.</summary>
    Lost,
}
