using System.Buffers;
using System.Text;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a match asks of a parameter of the query. Names and values are compared decoded; of several of one name the first counts.</summary>
internal sealed class QueryCondition(ValueMatch match)
{
    private const int StackBytes = 512;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(match.Name);
    private readonly TextPattern _pattern = TextPattern.Of(match.Kind, match.Value);

    /// <summary>Whether a query has the parameter, with the value that is asked for.</summary>
    /// <param name="query">What follows the question mark.</param>
    public bool Fits(ReadOnlySpan<byte> query)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            if (PercentText.QueryEquals(equals < 0 ? pair : pair[..equals], _name))
            {
                return FitsValue(equals < 0 ? default : pair[(equals + 1)..]);
            }
        }

        return false;
    }

    private bool FitsValue(ReadOnlySpan<byte> encoded)
    {
        if (!_pattern.IsExpression)
        {
            return PercentText.QueryEquals(encoded, _pattern.Text);
        }

        byte[]? rented = null;
        var decoded =
            encoded.Length <= StackBytes
                ? stackalloc byte[StackBytes]
                : (rented = ArrayPool<byte>.Shared.Rent(encoded.Length)).AsSpan();
        var fits = _pattern.Fits(decoded[..PercentText.DecodeQuery(encoded, decoded)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return fits;
    }
}
