using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The bytes of a request from which its name follows, and nothing else: requests with the same key have the same name, so that the name is
/// worked out once.
/// </summary>
internal static class NameKey
{
    /// <summary>The longest key. Every name is remembered, so that longer ones would be a way to fill the memory.</summary>
    public const int MaxBytes = 8 * 1024;

    private const byte Separator = 0; // In no field value and no target.

    /// <summary>Writes the key; -1 when it does not fit.</summary>
    public static int Write(ValueList<Identifier> identifiers, RequestHead head, Span<byte> destination)
    {
        var written = 0;
        for (var i = 0; i < identifiers.Count; i++)
        {
            var fits = identifiers[i] switch
            {
                Identifier.Host => Append(destination, ref written, head.Authority),
                Identifier.MethodAndHost => Append(destination, ref written, head.MethodSpan)
                    && Append(destination, ref written, head.Authority),
                Identifier.Header header => Append(destination, ref written, RequestName.HeaderValue(head, header)),
                Identifier.PathSegments path => Append(destination, ref written, RequestName.Segments(head, path)),
                _ => false,
            };
            if (!fits)
            {
                return -1;
            }
        }

        return
            AppendDtabs(destination, ref written, head, KnownHeader.L5dDtab)
            && AppendDtabs(destination, ref written, head, KnownHeader.WeftDtab)
            ? written
            : -1;
    }

    private static bool AppendDtabs(Span<byte> destination, ref int written, RequestHead head, KnownHeader known)
    {
        for (var i = head.Find(known); i >= 0; i = head.FindNext(known, i))
        {
            if (!Append(destination, ref written, head.Value(i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Append(Span<byte> destination, ref int written, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length + 1 > destination.Length - written)
        {
            return false;
        }

        bytes.CopyTo(destination[written..]);
        written += bytes.Length;
        destination[written++] = Separator;
        return true;
    }
}
