namespace Weft.Http;

/// <summary>Takes trailers: ordinary fields only (RFC 9113 section 8.1).</summary>
internal struct TrailerSink(TrailerFields trailers) : IFieldSink
{
    public RejectReason Reason { get; private set; }

    public void OnField(in HpackField field)
    {
        if (Reason != RejectReason.None)
        {
            return;
        }

        var start = trailers.Held;
        Reason =
            field.Traits.Pseudo != PseudoHeader.None ? RejectReason.InvalidPseudoHeader
            : !field.Traits.IsValid ? RejectReason.InvalidFieldName
            : RequestSink.IsForbidden(field) ? RejectReason.ConnectionSpecificField
            : trailers.Count == TrailerFields.MaxFields || trailers.Append(field.Line) < field.Line.Length
                ? RejectReason.TrailersTooLarge
            : RejectReason.None;
        if (Reason == RejectReason.None)
        {
            trailers.Add(start, field.NameLength, start + field.NameLength + 2, field.ValueLength, field.Traits.Known);
            trailers.FieldAt(trailers.Count - 1).NeverIndexed = field.NeverIndexed;
        }
    }

    public void OnFieldTooLong() => Reason = RejectReason.TrailersTooLarge;
}

/// <summary>Takes nothing: for blocks that are decoded only for the sake of the table.</summary>
internal struct NoSink : IFieldSink
{
    public readonly void OnField(in HpackField field) { }

    public readonly void OnFieldTooLong() { }
}
