using System.Numerics;

namespace Weft.Http;

/// <summary>Takes out of a message what concerned only the connection that it came on (RFC 9110 section 7.6.1).</summary>
public static class HopByHop
{
    /// <summary>
    /// Drops the hop-by-hop fields and those that Connection names. A name there counts only for fields that the mesh does
    /// not know: a peer must not be able to have Host, Content-Length, Authorization or the mesh's own context taken out on
    /// the way by naming them (such an option is ignored; Connection itself goes, so it misleads nobody further down).
    /// </summary>
    public static void Drop(MessageHead head)
    {
        if (head.Has(ConnectionOptions.Fields))
        {
            DropNamed(head);
        }

        for (var set = head.Present & KnownHeaders.HopByHop; set != 0; set &= set - 1)
        {
            head.Drop((KnownHeader)BitOperations.TrailingZeroCount(set));
        }
    }

    private static void DropNamed(MessageHead head)
    {
        for (var i = head.Find(KnownHeader.Connection); i >= 0; i = head.FindNext(KnownHeader.Connection, i))
        {
            foreach (var name in new TokenList(head.Value(i)))
            {
                if (KnownHeaders.Classify(name) != KnownHeader.None)
                {
                    continue;
                }

                for (var named = head.Find(name); named >= 0; named = head.Find(name, named + 1))
                {
                    head.Drop(named);
                }
            }
        }
    }
}
