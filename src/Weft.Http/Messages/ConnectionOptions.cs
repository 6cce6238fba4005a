using System.Text;

namespace Weft.Http;

/// <summary>What the Connection fields of a message ask for (RFC 9110 section 7.6.1).</summary>
[Flags]
internal enum ConnectionOptions : byte
{
    None = 0,
    Close = 1,
    KeepAlive = 2,
    Upgrade = 4,

    /// <summary>Names at least one other field.</summary>
    Fields = 8,
}

internal static class ConnectionOption
{
    /// <summary>
    /// More options than this refuse the message: each may have to be compared with every field, and no honest peer sends
    /// more than a handful.
    /// </summary>
    public const int MaxOptions = 16;

    /// <summary>Reads all Connection fields. False when there are more than <see cref="MaxOptions"/> options.</summary>
    public static bool TryRead(FieldSection section, out ConnectionOptions options)
    {
        options = ConnectionOptions.None;
        var count = 0;
        for (var i = section.Find(KnownHeader.Connection); i >= 0; i = section.FindNext(KnownHeader.Connection, i))
        {
            foreach (var token in new TokenList(section.Value(i)))
            {
                if (++count > MaxOptions)
                {
                    return false;
                }

                options |= Classify(token);
            }
        }

        return true;
    }

    private static ConnectionOptions Classify(ReadOnlySpan<byte> token)
    {
        if (Ascii.EqualsIgnoreCase(token, "keep-alive"u8))
        {
            return ConnectionOptions.KeepAlive;
        }

        if (Ascii.EqualsIgnoreCase(token, "close"u8))
        {
            return ConnectionOptions.Close;
        }

        return Ascii.EqualsIgnoreCase(token, "upgrade"u8) ? ConnectionOptions.Upgrade : ConnectionOptions.Fields;
    }
}
