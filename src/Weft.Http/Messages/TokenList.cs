namespace Weft.Http;

/// <summary>Walks the elements of a comma-separated field value; empty elements are skipped (RFC 9110 section 5.6.1).</summary>
internal ref struct TokenList(ReadOnlySpan<byte> value)
{
    private ReadOnlySpan<byte> _rest = value;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly TokenList GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.Length > 0)
        {
            var comma = _rest.IndexOf((byte)',');
            var element = comma < 0 ? _rest : _rest[..comma];
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            element = element.Trim(" \t"u8);
            if (element.Length > 0)
            {
                Current = element;
                return true;
            }
        }

        return false;
    }
}
