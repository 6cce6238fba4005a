using System.Text;

namespace Weft.Http;

/// <summary>The static table of RFC 7541 appendix A.</summary>
internal static class StaticTable
{
    /// <summary>Entries are numbered from 1 to this.</summary>
    public const int Count = 61;

    private const string Entries =
        ":authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|"
        + ":status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate|"
        + "accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|"
        + "content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type|"
        + "cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|"
        + "last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|"
        + "server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate";

    private static readonly Entry[] s_entries = Build();
    private static readonly byte[] s_indexOfKnown = IndexKnown();

    /// <summary>The entry as a field.</summary>
    public static HpackField Field(int index)
    {
        ref readonly var entry = ref s_entries[index];
        return new HpackField(entry.Line, entry.NameLength, entry.ValueLength, entry.Traits, neverIndexed: false);
    }

    /// <summary>The index of the first entry with this name, or 0.</summary>
    public static int IndexOf(KnownHeader known) => s_indexOfKnown[(int)known];

    /// <summary>The index of the first entry with this name, or 0.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 1; i <= Count; i++)
        {
            ref readonly var entry = ref s_entries[i];
            if (entry.NameLength == name.Length && entry.Line.AsSpan(0, entry.NameLength).SequenceEqual(name))
            {
                return i;
            }
        }

        return 0;
    }

    private static Entry[] Build()
    {
        var entries = new Entry[Count + 1];
        entries[0].Line = [];
        var index = 1;
        foreach (var text in Entries.Split('|'))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            var name = space < 0 ? text : text[..space];
            var value = space < 0 ? "" : text[(space + 1)..];
            entries[index++] = new Entry
            {
                Line = Encoding.ASCII.GetBytes($"{name}: {value}\r\n"),
                NameLength = name.Length,
                ValueLength = value.Length,
                Traits = FieldTraits.Of(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value)),
            };
        }

        return entries;
    }

    private static byte[] IndexKnown()
    {
        var indexes = new byte[KnownHeaders.Count];
        for (var i = Count; i > 0; i--)
        {
            indexes[(int)s_entries[i].Traits.Known] = (byte)i;
        }

        indexes[(int)KnownHeader.None] = 0;
        return indexes;
    }

    private struct Entry
    {
        public byte[] Line;
        public int NameLength;
        public int ValueLength;
        public FieldTraits Traits;
    }
}
