using System.Numerics;
using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Changes of a head's fields, worked out beforehand: what is dropped, and what is then added. Immutable.</summary>
internal sealed class HeaderEdit
{
    private readonly ulong _known;
    private readonly byte[][] _names;

    private HeaderEdit(HeaderChanges changes)
    {
        var names = new List<byte[]>();
        foreach (var name in changes.Set.Select(h => h.Name).Concat(changes.Remove))
        {
            var bytes = Encoding.ASCII.GetBytes(name);
            var known = KnownHeaders.Classify(bytes);
            if (known == KnownHeader.None)
            {
                names.Add(bytes);
            }
            else
            {
                _known |= 1UL << (int)known;
            }
        }

        _names = [.. names];
        Added = new FieldBlock([.. changes.Set.Concat(changes.Add).Select(h => (h.Name, h.Value))]);
    }

    /// <summary>The fields that are added. Nothing but <see cref="AddTo"/> needs them.</summary>
    public FieldBlock Added { get; }

    public static HeaderEdit? Of(HeaderChanges? changes) => changes is null ? null : new HeaderEdit(changes);

    /// <summary>Drops what is set anew or removed. Once for a head; it cannot be undone.</summary>
    public void DropFrom(FieldSection head)
    {
        for (var set = head.Present & _known; set != 0; set &= set - 1)
        {
            head.Drop((KnownHeader)BitOperations.TrailingZeroCount(set));
        }

        foreach (var name in _names)
        {
            for (var i = head.Find(name); i >= 0; i = head.Find(name, i + 1))
            {
                head.Drop(i);
            }
        }
    }

    /// <summary>Adds what is set or added to what is written behind the head; takes one block of it.</summary>
    public void AddTo(AddedFields fields)
    {
        if (Added.Fields.Count > 0)
        {
            fields.Add(Added);
        }
    }
}
