namespace Weft.Control;

/// <summary>Where the members of an etcd cluster answer, and which of them is asked at present.</summary>
internal sealed class EtcdEndpoints
{
    private const string Scheme = "etcd://";

    private readonly Uri[] _members;
    private int _current;

    private EtcdEndpoints(Uri[] members) => _members = members;

    public int Count => _members.Length;

    public Uri Current => _members[Volatile.Read(ref _current)];

    /// <summary>Reads <c>etcd://host:port,host:port</c>; null when it is no such list.</summary>
    public static EtcdEndpoints? Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var members = new List<Uri>();
        foreach (var part in text[Scheme.Length..].TrimEnd('/').Split(','))
        {
            if (
                !Uri.TryCreate($"http://{part}", UriKind.Absolute, out var uri)
                || uri.PathAndQuery != "/"
                || uri.UserInfo.Length > 0
            )
            {
                return null;
            }

            members.Add(uri);
        }

        return new EtcdEndpoints([.. members]);
    }

    /// <summary>Goes on to the next member, unless somebody else has left this one already.</summary>
    public void Leave(Uri member)
    {
        var current = Volatile.Read(ref _current);
        if (_members[current] == member)
        {
            Interlocked.CompareExchange(ref _current, (current + 1) % _members.Length, current);
        }
    }
}
