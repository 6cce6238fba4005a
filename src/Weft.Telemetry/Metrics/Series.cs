namespace Weft.Telemetry;

/// <summary>
/// One series of a family: its label values and where it is kept. Cells are never set back, because only their owners may
/// write them. A series is a window on them: what the cells held when the series began is its offset, negated.
/// </summary>
internal sealed class Series(string[] labels, int cell, long[] offset)
{
    public string[] Labels => labels;

    public int Cell => cell;

    /// <summary>Added to what the cells hold; one per cell.</summary>
    public long[] Offset => offset;

    /// <summary>How many have acquired it and not released it. Guarded by the family's lock.</summary>
    public int Users { get; set; }

    /// <summary>True for the series that others fold into: it is never released.</summary>
    public bool IsPermanent { get; set; }

    /// <summary>What a scrape saw last, null before the first, and when it saw that change. Only scrapes touch these.</summary>
    public long? LastSeen { get; set; }

    public long LastMoved { get; set; }

    /// <summary>The labels as they are written, made by the first scrape.</summary>
    public byte[]? LabelText { get; set; }

    public long Read(ShardSet shards, int index = 0) => shards.Sum(cell + index) + Volatile.Read(ref offset[index]);
}
