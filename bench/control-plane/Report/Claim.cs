using System.Globalization;

namespace Weft.Bench.ControlPlane.Report;

/// <summary>What is said of the control plane, and whether this run bears it out.</summary>
internal sealed record Claim(string What, string Limit, string Measured, bool Holds)
{
    private const double MostSeconds = 1;

    /// <summary>By how much the bytes for each subscriber may differ between a service of few and a service of many.</summary>
    private const double MostSpread = 1.5;

    public static IReadOnlyList<Claim> Of(IReadOnlyList<ChangeFigure> changes)
    {
        var slowest = changes.MaxBy(c => c.Delay.Worst)!;
        var claims = new List<Claim>
        {
            new(
                "an endpoint change reaches all subscribers",
                string.Create(CultureInfo.InvariantCulture, $"< {MostSeconds} s"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{slowest.Delay.Worst / 1000:0.00} s at worst ({slowest.Kind}, watched by {slowest.Subscribers})"
                ),
                slowest.Delay.Worst < MostSeconds * 1000
            ),
        };
        foreach (var kind in changes.GroupBy(c => c.Kind))
        {
            var (least, most) = (kind.Min(c => c.BytesPerSubscriber), kind.Max(c => c.BytesPerSubscriber));
            claims.Add(
                new Claim(
                    $"bytes of an endpoint's {kind.Key} are in proportion to those who subscribe",
                    string.Create(CultureInfo.InvariantCulture, $"the same for each, within {MostSpread:0.0}x"),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{least:0.#} to {most:0.#} bytes for each ({most / least:0.00}x)"
                    ),
                    least > 0 && most / least <= MostSpread
                )
            );
        }

        return claims;
    }
}
