using System.Text;

namespace Weft.Http;

/// <summary>
/// An ordered list of fields whose bytes stay where they were read. Positions are relative to <see cref="Start"/>, so the
/// bytes may be moved as long as <see cref="Rebase"/> is told.
/// </summary>
public abstract class FieldSection
{
    private const int InitialFields = 16;

    // The index of the first field of each kind that is not dropped; meaningful where Present has the kind's bit.
    private readonly ushort[] _first = new ushort[KnownHeaders.Count];
    private HeaderField[] _fields = new HeaderField[InitialFields];

    /// <summary>The bytes that the positions point into.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>Where in <see cref="Buffer"/> the message begins.</summary>
    public int Start { get; private set; }

    /// <summary>The number of fields, dropped ones included.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, Count);

    /// <summary>Which kinds of field there are, dropped ones left out: bit n stands for the <see cref="KnownHeader"/> n.</summary>
    public ulong Present { get; private set; }

    public ReadOnlySpan<byte> Name(int index)
    {
        ref readonly var field = ref _fields[index];
        return Slice(field.NameStart, field.NameLength);
    }

    /// <summary>The value without surrounding white space.</summary>
    public ReadOnlySpan<byte> Value(int index)
    {
        ref readonly var field = ref _fields[index];
        return Slice(field.ValueStart, field.ValueLength);
    }

    /// <summary>The index of the first field of this name that is not dropped, or -1. Takes constant time.</summary>
    public int Find(KnownHeader known) => (Present & KnownHeaders.Bit(known)) == 0 ? -1 : _first[(int)known];

    /// <summary>The index of the next field of this kind after <paramref name="index"/> that is not dropped, or -1.</summary>
    public int FindNext(KnownHeader known, int index)
    {
        for (var i = index + 1; i < Count; i++)
        {
            if (_fields[i].Known == known && !_fields[i].Dropped)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The index of the first field of this name from <paramref name="from"/> on that is not dropped, or -1. Case does not count.</summary>
    public int Find(ReadOnlySpan<byte> name, int from = 0)
    {
        for (var i = from; i < Count; i++)
        {
            if (_fields[i].NameLength == name.Length && !_fields[i].Dropped && Ascii.EqualsIgnoreCase(Name(i), name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The value of the first field of this name that is not dropped.</summary>
    public bool TryGet(KnownHeader known, out ReadOnlySpan<byte> value)
    {
        var index = Find(known);
        value = index < 0 ? default : Value(index);
        return index >= 0;
    }

    /// <summary>How many fields of this name there are, dropped ones left out.</summary>
    public int CountOf(KnownHeader known)
    {
        var count = 0;
        for (var i = Find(known); i >= 0; i = FindNext(known, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>Takes one field out of the message: it is neither found nor written any more.</summary>
    public void Drop(int index)
    {
        ref var field = ref _fields[index];
        field.Dropped = true;
        if (Find(field.Known) == index)
        {
            var next = FindNext(field.Known, index);
            if (next < 0)
            {
                Present &= ~KnownHeaders.Bit(field.Known);
            }
            else
            {
                _first[(int)field.Known] = (ushort)next;
            }
        }
    }

    /// <summary>Takes every field of this name out of the message.</summary>
    public void Drop(KnownHeader known)
    {
        for (var i = Find(known); i >= 0; i = FindNext(known, i))
        {
            _fields[i].Dropped = true;
        }

        Present &= ~KnownHeaders.Bit(known);
    }

    /// <summary>The bytes now lie elsewhere; their order and distances are unchanged.</summary>
    public void Rebase(byte[] buffer, int start)
    {
        Buffer = buffer;
        Start = start;
    }

    /// <summary>How many bytes from <see cref="Start"/> on the fields reach.</summary>
    private protected int FieldsExtent
    {
        get
        {
            var end = 0;
            foreach (ref readonly var one in Fields)
            {
                end = Math.Max(end, Math.Max(one.NameStart + one.NameLength, one.ValueStart + one.ValueLength));
            }

            return end;
        }
    }

    /// <summary>Takes another section's fields over, dropped ones included. Where their bytes lie must be told to <see cref="Rebase"/>.</summary>
    private protected void CopyFields(FieldSection other)
    {
        if (_fields.Length < other.Count)
        {
            _fields = new HeaderField[other._fields.Length];
        }

        other.Fields.CopyTo(_fields);
        other._first.CopyTo(_first, 0);
        Count = other.Count;
        Present = other.Present;
    }

    /// <summary>Makes the section empty, ready for the next message.</summary>
    public virtual void Reset()
    {
        Count = 0;
        Present = 0;
    }

    internal ref HeaderField FieldAt(int index) => ref _fields[index];

    internal ReadOnlySpan<byte> Slice(int start, int length) => Buffer.AsSpan(Start + start, length);

    /// <summary>
    /// Adds a field. When exactly two bytes lie between name and value, or between this value and the next name, they must
    /// be <c>": "</c> and CR LF: <see cref="HeadWriter"/> copies such runs as they stand.
    /// </summary>
    internal void Add(int nameStart, int nameLength, int valueStart, int valueLength, KnownHeader known)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, Count * 2);
        }

        ref var field = ref _fields[Count++];
        field.NameStart = nameStart;
        field.NameLength = nameLength;
        field.ValueStart = valueStart;
        field.ValueLength = valueLength;
        field.Known = known;
        field.Dropped = false;
        field.NeverIndexed = false;
        var bit = KnownHeaders.Bit(known);
        if ((Present & bit) == 0)
        {
            Present |= bit;
            _first[(int)known] = (ushort)(Count - 1);
        }
    }
}
