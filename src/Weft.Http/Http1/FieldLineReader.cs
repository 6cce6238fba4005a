namespace Weft.Http;

/// <summary>
/// Reads field lines up to the empty line that ends them. A line that is there whole is looked at as a whole (<see cref="PlainLine"/>); any other with one
/// vectorised search per name and one per value, and what was searched is remembered, so that bytes that trickle in are looked at once.
/// </summary>
internal struct FieldLineReader
{
    // All relative to the section's start. _colon is 0 while the name of the current line is not complete.
    private int _line;
    private int _colon;
    private int _scanned;

    /// <summary>Where reading goes on: behind the empty line once complete.</summary>
    public readonly int Position => _line;

    /// <summary>Begins a section whose first field line is at <paramref name="position"/>.</summary>
    public void Begin(int position)
    {
        _line = position;
        _scanned = position;
        _colon = 0;
    }

    /// <summary>Reads what there is before <paramref name="limit"/> (an index into the section's buffer).</summary>
    public ParseStatus Read(FieldSection section, int limit, int maxFields, out RejectReason reason)
    {
        reason = RejectReason.None;
        var buffer = section.Buffer;
        var start = section.Start;
        var line = start + _line;
        var scanned = start + _scanned;
        var colon = _colon == 0 ? 0 : start + _colon;

        while (true)
        {
            var end = 0;
            var known = KnownHeader.None;
            if (colon == 0)
            {
                if (line >= limit)
                {
                    break;
                }

                if (buffer[line] == (byte)'\r')
                {
                    if (line + 1 >= limit)
                    {
                        break;
                    }

                    if (buffer[line + 1] != (byte)'\n')
                    {
                        reason = RejectReason.BareCarriageReturn;
                        return ParseStatus.Rejected;
                    }

                    _line = line + 2 - start;
                    return ParseStatus.Complete;
                }

                if (scanned != line || !PlainLine.TryFind(buffer, line, limit, out colon, out end, out known))
                {
                    var nameLength = buffer.AsSpan(scanned, limit - scanned).IndexOfAnyExcept(Grammar.Token);
                    if (nameLength < 0)
                    {
                        scanned = limit;
                        break;
                    }

                    end = 0;
                    colon = scanned + nameLength;
                    if (buffer[colon] != (byte)':' || colon == line)
                    {
                        reason = BlameName(buffer[colon], isFirst: colon == line);
                        return ParseStatus.Rejected;
                    }
                }

                if (section.Count >= maxFields)
                {
                    reason = RejectReason.TooManyFields;
                    return ParseStatus.Rejected;
                }

                scanned = colon + 1;
            }

            if (end == 0)
            {
                var textLength = buffer.AsSpan(scanned, limit - scanned).IndexOfAny(Grammar.Control);
                if (textLength < 0)
                {
                    scanned = limit;
                    break;
                }

                end = scanned + textLength;
                scanned = end;
                if (buffer[end] != (byte)'\r')
                {
                    reason = Grammar.Blame(buffer[end]);
                    return ParseStatus.Rejected;
                }

                if (end + 1 >= limit)
                {
                    break;
                }

                if (buffer[end + 1] != (byte)'\n')
                {
                    reason = RejectReason.BareCarriageReturn;
                    return ParseStatus.Rejected;
                }

                known = KnownHeaders.Classify(buffer.AsSpan(line, colon - line));
            }

            var value = colon + 1;
            while (value < end && buffer[value] is (byte)' ' or (byte)'\t')
            {
                value++;
            }

            var valueEnd = end;
            while (valueEnd > value && buffer[valueEnd - 1] is (byte)' ' or (byte)'\t')
            {
                valueEnd--;
            }

            section.Add(line - start, colon - line, value - start, valueEnd - value, known);
            line = end + 2;
            scanned = line;
            colon = 0;
        }

        _line = line - start;
        _scanned = scanned - start;
        _colon = colon == 0 ? 0 : colon - start;
        return ParseStatus.Incomplete;
    }

    private static RejectReason BlameName(byte found, bool isFirst) =>
        found switch
        {
            (byte)' ' or (byte)'\t' => isFirst ? RejectReason.ObsoleteFolding : RejectReason.WhitespaceBeforeColon,
            (byte)':' => RejectReason.EmptyFieldName,
            (byte)'\n' => RejectReason.BareLineFeed,
            _ => RejectReason.InvalidFieldName,
        };
}
