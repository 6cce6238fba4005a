using System.Globalization;

namespace Weft.Telemetry;

/// <summary>The value of a log field. Made without boxing, and turned into text only when the line is written.</summary>
public readonly struct LogValue
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly Kind _kind;

    private LogValue(Kind kind, long bits, object? reference = null) =>
        (_kind, _bits, _reference) = (kind, bits, reference);

    private enum Kind : byte
    {
        Null,
        Reference,
        Integer,
        Real,
        Boolean,
        Duration,
    }

    /// <summary>True for numbers and booleans, which JSON writes without quotes.</summary>
    internal bool IsBare => _kind is Kind.Integer or Kind.Boolean || (_kind == Kind.Real && double.IsFinite(Real));

    private double Real => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Anything else, by its ToString at the time of logging.</summary>
    public static LogValue Of(object? value) => value is null ? default : new(Kind.Reference, 0, value);

    public static implicit operator LogValue(string? value) => Of(value);

    public static implicit operator LogValue(int value) => new(Kind.Integer, value);

    public static implicit operator LogValue(long value) => new(Kind.Integer, value);

    public static implicit operator LogValue(double value) => new(Kind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator LogValue(bool value) => new(Kind.Boolean, value ? 1 : 0);

    /// <summary>In milliseconds: <c>12.5ms</c>.</summary>
    public static implicit operator LogValue(TimeSpan value) => new(Kind.Duration, value.Ticks);

    /// <summary>Its type and message, and those of what caused it; no stack.</summary>
    public static implicit operator LogValue(Exception? value) => Of(value);

    /// <summary>The value as text, not escaped.</summary>
    public override string ToString() =>
        _kind switch
        {
            Kind.Null => "",
            Kind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
            Kind.Real => Real.ToString("R", CultureInfo.InvariantCulture),
            Kind.Boolean => _bits != 0 ? "true" : "false",
            Kind.Duration => string.Create(
                CultureInfo.InvariantCulture,
                $"{new TimeSpan(_bits).TotalMilliseconds:0.###}ms"
            ),
            _ => _reference is Exception exception ? Describe(exception) : _reference?.ToString() ?? "",
        };

    private static string Describe(Exception exception)
    {
        var text = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is { } inner ? $"{text} <- {inner.GetType().Name}: {inner.Message}" : text;
    }
}
