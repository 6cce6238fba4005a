using System.Buffers;
using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a match asks of a header. A header that comes several times is one value, joined by <c>", "</c> (RFC 9110 section 5.3).</summary>
internal sealed class HeaderCondition
{
    private readonly byte[] _name;
    private readonly KnownHeader _known;
    private readonly TextPattern _pattern;

    public HeaderCondition(ValueMatch match)
    {
        _name = Encoding.ASCII.GetBytes(match.Name);
        _pattern = TextPattern.Of(match.Kind, match.Value);
        // The families of the mesh's names share one value each.
        var known = KnownHeaders.Classify(_name);
        _known = known is KnownHeader.WeftOther or KnownHeader.L5dOther ? KnownHeader.None : known;
    }

    public bool Fits(RequestHead head)
    {
        var first = Next(head, -1);
        if (first < 0)
        {
            return false;
        }

        var second = Next(head, first);
        return second < 0 ? _pattern.Fits(head.Value(first))
            : _pattern.IsExpression ? FitsJoined(head, first)
            : EqualsJoined(head, first);
    }

    private int Next(RequestHead head, int index) =>
        _known == KnownHeader.None ? head.Find(_name, index + 1)
        : index < 0 ? head.Find(_known)
        : head.FindNext(_known, index);

    private bool EqualsJoined(RequestHead head, int first)
    {
        ReadOnlySpan<byte> rest = _pattern.Text;
        for (var i = first; i >= 0; i = Next(head, i))
        {
            if (i != first)
            {
                if (!rest.StartsWith(", "u8))
                {
                    return false;
                }

                rest = rest[2..];
            }

            var value = head.Value(i);
            if (!rest.StartsWith(value))
            {
                return false;
            }

            rest = rest[value.Length..];
        }

        return rest.IsEmpty;
    }

    private bool FitsJoined(RequestHead head, int first)
    {
        var length = -2;
        for (var i = first; i >= 0; i = Next(head, i))
        {
            length += head.Value(i).Length + 2;
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        var written = 0;
        for (var i = first; i >= 0; i = Next(head, i))
        {
            if (i != first)
            {
                ", "u8.CopyTo(rented.AsSpan(written));
                written += 2;
            }

            head.Value(i).CopyTo(rented.AsSpan(written));
            written += head.Value(i).Length;
        }

        var fits = _pattern.Fits(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return fits;
    }
}
