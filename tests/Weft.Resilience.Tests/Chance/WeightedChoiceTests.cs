using FsCheck;
using FsCheck.Fluent;

namespace Weft.Resilience.Tests.Chance;

public sealed class WeightedChoiceTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { 0.9, 0.1 })]
    [InlineData(new double[] { 1, 1, 1, 1, 1 })]
    [InlineData(new double[] { 1, 10, 100, 1000 })]
    [InlineData(new double[] { 1e308, 1e308, 0.5e308 })]
    [InlineData(new double[] { 3e-320, 1e-320 })]
    public void Frequencies_follow_weights(double[] weights) => AssertFrequencies(weights);

    [Fact]
    public void Frequencies_follow_any_weights() =>
        Prop.ForAll(
                Gen.Choose(1, 10_000).Select(w => w / 100.0).NonEmptyListOf().Resize(20).ToArbitrary(),
                weights => AssertFrequencies([.. weights])
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(42, 43));

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 1, 0 })]
    [InlineData(new double[] { 1, -1 })]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { 1, double.PositiveInfinity })]
    public void What_is_no_weight_is_refused(double[] weights) =>
        Assert.Throws<ArgumentException>(() => new WeightedChoice(weights));

    [Fact]
    public void The_refusal_names_the_weight()
    {
        var error = Assert.Throws<ArgumentException>(() => new WeightedChoice([1, 2, -3]));
        Assert.Contains("weight 2 is -3", error.Message, StringComparison.Ordinal);
    }

    private static void AssertFrequencies(double[] weights)
    {
        var choice = new WeightedChoice(weights);
        var random = new LoopRandom(11);
        var counts = new int[weights.Length];
        for (var i = 0; i < Draws; i++)
            counts[choice.Pick(random)]++;
        var largest = weights.Max();
        var total = weights.Sum(weight => weight / largest);
        for (var i = 0; i < weights.Length; i++)
        {
            var p = weights[i] / largest / total;
            Assert.Equal(p, (double)counts[i] / Draws, (6 * Math.Sqrt(p * (1 - p) / Draws)) + 1e-9);
        }
    }
}
