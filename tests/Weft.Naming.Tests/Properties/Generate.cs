using FsCheck;
using FsCheck.Fluent;

namespace Weft.Naming.Tests.Properties;

/// <summary>Random names and tables, and runs over them that are the same each time.</summary>
internal static class Generate
{
    private const string AnyByte = @"\/ %^{}|&;=>*!~$()#.019azAZ_:-";

    /// <summary>Few short labels, so that names meet; now and then bytes that must be escaped.</summary>
    private static readonly Gen<string> s_label = Gen.Frequency(
        (8, Gen.Elements("a", "b", "c", "s#", "#", "$", "x:1", "%")),
        (
            2,
            from length in Gen.Choose(1, 4)
            from chars in Gen.ArrayOf(
                Gen.OneOf(Gen.Choose(0, 255).Select(b => (char)b), Gen.Elements(AnyByte.ToCharArray())),
                length
            )
            select new string(chars)
        )
    );

    private static readonly Gen<double> s_weight = Gen.Frequency(
        (4, Gen.Elements(0, 1, 0.5, 2, 0.001)),
        (2, Gen.Choose(0, int.MaxValue).Select(n => n / 65536.0)),
        (1, Gen.Choose(-1022, 1023).Select(e => Math.ScaleB(1.2345678901234567, e)))
    );

    public static Gen<Path> Path { get; } =
        from length in Gen.Choose(0, 4)
        from labels in Gen.ArrayOf(s_label, length)
        select Naming.Path.Of(labels);

    public static Gen<Prefix> Prefix { get; } =
        from length in Gen.Choose(0, 3)
        from elements in Gen.ArrayOf(Gen.Frequency((4, s_label), (1, Gen.Constant("*"))), length)
        select new Prefix([.. elements.Select(element => element == "*" ? null : element)]);

    public static Gen<NameTree<Path>> Tree { get; } = TreeOf(3);

    public static Gen<Dtab> Dtab { get; } =
        from length in Gen.Choose(0, 6)
        from dentries in Gen.ArrayOf(from prefix in Prefix from tree in Tree select new Dentry(prefix, tree), length)
        select new Dtab([.. dentries]);

    /// <summary>Text that is nearly a dtab: one with some characters removed, doubled or replaced.</summary>
    public static Gen<string> MutatedText { get; } =
        from dtab in Dtab
        from mutations in Gen.Choose(1, 4)
        from seeds in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), mutations)
        select seeds.Aggregate(dtab.Show(), Mutated);

    /// <summary>Text of any characters, those of the grammar more often.</summary>
    public static Gen<string> Text { get; } =
        from length in Gen.Choose(0, 60)
        from chars in Gen.ArrayOf(
            Gen.Frequency(
                (5, Gen.Elements("/ab*|&;=>!~$()\\x0. #\n".ToCharArray())),
                (1, Gen.Choose(0, 0xffff).Select(c => (char)c))
            ),
            length
        )
        select new string(chars);

    public static void Check<T>(Gen<T> gen, Action<T> property, int runs = 500) =>
        Prop.ForAll(gen.ToArbitrary(), property)
            .Check(
                Config
                    .QuickThrowOnFailure.WithMaxTest(runs)
                    .WithReplay(
                        new Replay(new Rnd(20_260_801, 1_000_003), Microsoft.FSharp.Core.FSharpOption<int>.None)
                    )
            );

    private static Gen<NameTree<Path>> TreeOf(int height)
    {
        var simple = Gen.Frequency(
            (6, Path.Select(NameTree<Path> (path) => new NameTree<Path>.Leaf(path))),
            (
                1,
                Gen.Elements<NameTree<Path>>(
                    NameTree<Path>.Neg.Instance,
                    NameTree<Path>.Fail.Instance,
                    NameTree<Path>.Empty.Instance
                )
            )
        );
        if (height == 0)
        {
            return simple;
        }

        var below = TreeOf(height - 1);
        return Gen.Frequency(
            (3, simple),
            (
                1,
                from size in Gen.Choose(2, 3)
                from trees in Gen.ArrayOf(below, size)
                select (NameTree<Path>)new NameTree<Path>.Alt([.. trees])
            ),
            (
                1,
                from size in Gen.Choose(2, 3)
                from members in Gen.ArrayOf(
                    from weight in s_weight
                    from tree in below
                    select new Weighted<Path>(weight, tree),
                    size
                )
                select (NameTree<Path>)new NameTree<Path>.Union([.. members])
            )
        );
    }

    private static string Mutated(string text, int seed)
    {
        if (text.Length == 0)
        {
            return AnyByte[seed % AnyByte.Length].ToString();
        }

        var at = seed % text.Length;
        return (seed / 7 % 3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at..Math.Min(text.Length, at + 5)]),
            _ => text.Remove(at, 1).Insert(at, AnyByte[seed / 21 % AnyByte.Length].ToString()),
        };
    }
}
