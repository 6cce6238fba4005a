namespace Weft.Resilience;

/// <summary>
/// Which endpoint a key belongs to: the lookup table of Maglev (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer",
/// NSDI 2016, 3.4), with weights. Each endpoint has its own random order of all slots, and they take turns at taking the next
/// free one. Every endpoint gets its share to the slot, and when one joins or leaves few slots change beyond those that must.
/// </summary>
internal sealed class MaglevTable
{
    // Primes, as the orders need. 10 slots and more for each endpoint; with up to 160 endpoints shares are exact to 1 %.
    private const int Size = 16_381;
    private const int LargeSize = 131_071;
    private const int MembersOfSize = Size / 10;

    private readonly int[] _slots;

    /// <summary>Builds the table, in time proportional to its size.</summary>
    /// <param name="identities">Of the endpoints; equal ones are told apart by their order.</param>
    /// <param name="weights">Of the same; those of weight 0 get nothing. At least one is above 0.</param>
    public MaglevTable(ulong[] identities, double[] weights)
    {
        _slots = new int[identities.Length <= MembersOfSize ? Size : LargeSize];
        Array.Fill(_slots, -1);
        Build(TurnsOf(identities, weights));
    }

    public int Count => _slots.Length;

    /// <summary>The slot of a key, a hash itself.</summary>
    public int SlotOf(ulong key) => (int)Math.BigMul(key, (ulong)_slots.Length, out _);

    /// <summary>The position of the endpoint that a slot belongs to.</summary>
    public int this[int slot] => _slots[slot];

    private struct Turns
    {
        public int Position;
        public int Next;
        public int Skip;
        public double Share;
        public double Credit;
    }

    /// <summary>Who takes turns, in an order that depends on identities alone.</summary>
    private Turns[] TurnsOf(ulong[] identities, double[] weights)
    {
        var largest = weights.Max();
        var turns = new List<Turns>(identities.Length);
        var (last, same) = (0UL, 0UL);
        foreach (var position in Enumerable.Range(0, identities.Length).OrderBy(position => identities[position]))
        {
            var identity = identities[position];
            same = turns.Count > 0 && identity == last ? same + 1 : 0;
            last = identity;
            if (weights[position] == 0)
                continue;
            var hash = StableHash.Combine(identity, same);
            turns.Add(
                new Turns
                {
                    Position = position,
                    Next = (int)(hash % (ulong)Count),
                    Skip = (int)(StableHash.Combine(hash, 1) % (ulong)(Count - 1)) + 1,
                    Share = weights[position] / largest,
                    Credit = 1, // Everybody has at least one slot, however light.
                }
            );
        }

        return [.. turns];
    }

    private void Build(Span<Turns> turns)
    {
        var free = Count;
        while (true)
        {
            foreach (ref var turn in turns)
            {
                if (turn.Credit >= 1)
                {
                    turn.Credit -= 1;
                    Take(ref turn);
                    if (--free == 0)
                        return;
                }

                turn.Credit += turn.Share;
            }
        }
    }

    private void Take(ref Turns turn)
    {
        while (_slots[turn.Next] >= 0)
            turn.Next = (turn.Next + turn.Skip) % Count;
        _slots[turn.Next] = turn.Position;
    }
}
