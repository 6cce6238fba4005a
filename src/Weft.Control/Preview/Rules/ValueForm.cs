using System.Text.RegularExpressions;
using Weft.Resources;
using ValueMatch = Weft.Resources.ValueMatch;

namespace Weft.Control;

/// <summary>
/// What a match asks of a header or a query parameter. Either has one value: several fields of a header are joined, and of several parameters of one name
/// the first counts.
/// </summary>
internal sealed class ValueForm(ValueMatch match)
{
    private Regex? _expression;

    public string Name => match.Name;

    public string Value => match.Value;

    private bool IsExact => match.Kind == ValueMatchKind.Exact;

    /// <summary>Whether every value that fits another fits this one; yes only where that is certain.</summary>
    public bool Covers(ValueForm other) =>
        other.Name == Name && (other.IsExact && !IsExact ? Fits(other.Value) : IsSameAs(other));

    /// <summary>Whether a value could fit both; no only where that is certain.</summary>
    public bool MayMeet(ValueForm other) =>
        (IsExact, other.IsExact) switch
        {
            (true, true) => Value == other.Value,
            (true, false) => other.Fits(Value),
            (false, true) => Fits(other.Value),
            _ => true,
        };

    private bool IsSameAs(ValueForm other) => other.IsExact == IsExact && other.Value == Value;

    private bool Fits(string value) => (_expression ??= LinearExpression.Compile(Value)).IsMatch(value);
}
