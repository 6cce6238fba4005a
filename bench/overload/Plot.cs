using System.Globalization;
using System.Text;

namespace Weft.Bench.Overload;

/// <summary>One line of a plot.</summary>
/// <param name="Name">Written at its end.</param>
/// <param name="Colour">As CSS has it.</param>
/// <param name="Points">From left to right; a gap where y is NaN.</param>
internal sealed record Curve(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Draws curves over seconds as SVG, by text alone.</summary>
/// <param name="title">Above it.</param>
/// <param name="unit">Of what goes upwards.</param>
/// <param name="seconds">How far it goes to the right.</param>
/// <param name="top">How far up.</param>
internal sealed class Plot(string title, string unit, double seconds, double top)
{
    private const int Width = 720;
    private const int Height = 300;
    private const int Left = 60;
    private const int Right = 170;
    private const int Above = 36;
    private const int Below = 40;
    private const int Rows = 5;

    /// <summary>The whole picture.</summary>
    public string Draw(params Curve[] curves)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">
            <rect width="{Width}" height="{Height}" fill="#ffffff"/>
            <text x="{Left}" y="20" font-size="14" font-weight="bold">{title}</text>

            """
        );
        for (var row = 0; row <= Rows; row++)
        {
            var value = top * row / Rows;
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<path d="M{Left} {Y(value):0.0}H{Width - Right}" stroke="#dddddd"/><text x="{Left - 6}" y="{Y(value) + 4:0.0}" text-anchor="end">{value:0.##}</text>"""
            );
        }

        for (var second = 0; second <= seconds; second++)
        {
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<text x="{X(second):0.0}" y="{Height - Below + 18}" text-anchor="middle">{second} s</text>"""
            );
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="6" y="{Above - 4}">{unit}</text>""");
        for (var i = 0; i < curves.Length; i++)
        {
            Draw(svg, curves[i], Above + 14 + (i * 20));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void Draw(StringBuilder svg, Curve curve, int legend)
    {
        var path = new StringBuilder();
        var move = true;
        foreach (var (x, y) in curve.Points)
        {
            if (double.IsNaN(y))
            {
                move = true;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(move ? 'M' : 'L')}{X(x):0.0} {Y(Math.Min(y, top)):0.0}");
            move = false;
        }

        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""
            <path d="{path}" fill="none" stroke="{curve.Colour}" stroke-width="2"/>
            <path d="M{Width - Right + 12} {legend - 4}h18" stroke="{curve.Colour}" stroke-width="3"/><text x="{Width
                - Right
                + 36}" y="{legend}">{curve.Name}</text>
            """
        );
    }

    private double X(double second) => Left + (second / seconds * (Width - Left - Right));

    private double Y(double value) => Height - Below - (value / top * (Height - Above - Below));
}
