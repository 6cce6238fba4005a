namespace Weft.Http;

/// <summary>One field line of a message: where its name and its value lie, relative to the section's <see cref="FieldSection.Start"/>.</summary>
public struct HeaderField
{
    public int NameStart { readonly get; internal set; }
    public int NameLength { readonly get; internal set; }
    public int ValueStart { readonly get; internal set; }

    /// <summary>Without the white space around the value; may be 0.</summary>
    public int ValueLength { readonly get; internal set; }
    public KnownHeader Known { readonly get; internal set; }

    /// <summary>The field is not passed on, and <see cref="FieldSection.Find(KnownHeader)"/> no longer sees it.</summary>
    public bool Dropped { readonly get; internal set; }

    /// <summary>The sender wants it in no compression table (RFC 7541 section 6.2.3).</summary>
    internal bool NeverIndexed { readonly get; set; }

    /// <summary>Exactly one colon and one white space lie between name and value.</summary>
    internal readonly bool IsPlain => ValueStart == NameStart + NameLength + 2;
}
