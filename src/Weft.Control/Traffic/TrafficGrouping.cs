namespace Weft.Control;

/// <summary>What rows are told apart by, besides their direction.</summary>
[Flags]
internal enum TrafficGrouping
{
    None = 0,
    Caller = 1,
    Service = 2,

    /// <summary>Of requests.</summary>
    Route = 4,

    /// <summary>Of attempts.</summary>
    Client = 8,
    All = Caller | Service | Route | Client,
}
