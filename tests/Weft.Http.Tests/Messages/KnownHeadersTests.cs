namespace Weft.Http.Tests.Messages;

public sealed class KnownHeadersTests
{
    public static TheoryData<KnownHeader> All => [.. Enum.GetValues<KnownHeader>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_name_is_recognised_in_any_case(KnownHeader known)
    {
        var name = Wire.Text(KnownHeaders.NameOf(known));
        Assert.Equal(known, KnownHeaders.Classify(Wire.Bytes(name)));
        Assert.Equal(known, KnownHeaders.Classify(Wire.Bytes(name.ToUpperInvariant())));
        Assert.Equal(name.ToLowerInvariant(), name);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_name_changed_in_any_one_bit_is_another_name(KnownHeader known)
    {
        var name = KnownHeaders.NameOf(known).ToArray();
        for (var bit = 0; bit < name.Length * 8; bit++)
        {
            var changed = (byte[])name.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var isCase = bit % 8 == 5 && char.IsAsciiLetter((char)name[bit / 8]);
            Assert.Equal(isCase, KnownHeaders.Classify(changed) == known);
        }
    }

    [Theory]
    [InlineData("weft-x", KnownHeader.WeftOther)]
    [InlineData("WEFT-dst-", KnownHeader.WeftOther)]
    [InlineData("weft", KnownHeader.None)]
    [InlineData("weft_dtab", KnownHeader.None)]
    [InlineData("L5D-Ctx-Trace", KnownHeader.L5dOther)]
    [InlineData("l5d", KnownHeader.None)]
    [InlineData("l5d_dtab", KnownHeader.None)]
    [InlineData("x-weft-dtab", KnownHeader.None)]
    [InlineData("hosts", KnownHeader.None)]
    [InlineData("h", KnownHeader.None)]
    [InlineData("accept-language", KnownHeader.None)]
    public void Prefixes_cover_the_rest_of_the_meshes_own_names(string name, KnownHeader known) =>
        Assert.Equal(known, KnownHeaders.Classify(Wire.Bytes(name)));

    [Fact]
    public void Random_bytes_of_any_length_are_no_known_name()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var name = new byte[random.Next(40)];
            random.NextBytes(name);
            Assert.Equal(KnownHeader.None, KnownHeaders.Classify(name));
        }
    }

    [Fact]
    public void What_is_hop_by_hop_is_also_forbidden_in_trailers()
    {
        foreach (var known in Enum.GetValues<KnownHeader>().Where(KnownHeaders.IsHopByHop))
        {
            Assert.True(KnownHeaders.IsForbiddenInTrailers(known), known.ToString());
        }

        Assert.False(KnownHeaders.IsHopByHop(KnownHeader.None));
        Assert.False(KnownHeaders.IsForbiddenInTrailers(KnownHeader.None));
        Assert.False(KnownHeaders.IsForbiddenInTrailers(KnownHeader.GrpcStatus));
        Assert.False(KnownHeaders.IsForbiddenInTrailers(KnownHeader.GrpcMessage));
    }

    [Fact]
    public void A_set_of_names_fits_one_word() => Assert.InRange(KnownHeaders.Count, 1, 64);
}
