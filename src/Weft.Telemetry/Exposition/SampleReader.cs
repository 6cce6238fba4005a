using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Weft.Telemetry;

/// <summary>Reads one line: <c>name{label="value",...} number [timestamp] [# exemplar]</c>.</summary>
internal ref struct SampleReader(ReadOnlySpan<char> line, int lineNumber)
{
    private readonly ReadOnlySpan<char> _line = line;
    private int _at;

    public MetricSample Read()
    {
        SkipBlanks();
        var name = ReadName("the name of a metric", colonAllowed: true);
        SkipBlanks();
        var labels = Peek() == '{' ? ReadLabels() : [];
        SkipBlanks();
        var value = ReadNumber("a number");
        SkipBlanks();
        if (_at < _line.Length && Peek() != '#')
        {
            ReadNumber("a timestamp");
            SkipBlanks();
        }

        if (_at < _line.Length && Peek() != '#')
            Fail("the end of the line");
        return new MetricSample(name, labels, value);
    }

    private List<KeyValuePair<string, string>> ReadLabels()
    {
        var labels = new List<KeyValuePair<string, string>>();
        _at++;
        SkipBlanks();
        while (Peek() != '}')
        {
            if (labels.Count == PrometheusText.MaxLabels)
                Fail($"at most {PrometheusText.MaxLabels} labels");
            var start = _at;
            var name = ReadName("the name of a label", colonAllowed: false);
            foreach (var label in labels)
            {
                if (label.Key == name)
                    Fail("a label that is not there yet", start);
            }

            SkipBlanks();
            Expect('=');
            SkipBlanks();
            labels.Add(new(name, ReadQuoted()));
            SkipBlanks();
            if (Peek() == '}')
                break;
            Expect(',');
            SkipBlanks();
        }

        _at++;
        return labels;
    }

    private string ReadName(string what, bool colonAllowed)
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_' || (colonAllowed && Peek() == ':'))
            _at++;
        if (_at == start || char.IsAsciiDigit(_line[start]))
            Fail(what, start);
        return _line[start.._at].ToString();
    }

    private string ReadQuoted()
    {
        Expect('"');
        var rest = _line[_at..];
        var end = rest.IndexOfAny('"', '\\');
        if (end >= 0 && rest[end] == '"')
        {
            _at += end + 1;
            return rest[..end].ToString();
        }

        var value = new StringBuilder();
        while (Peek() != '"')
        {
            if (_at == _line.Length)
                Fail("'\"'");
            value.Append(Peek() == '\\' ? ReadEscaped() : Peek());
            _at++;
        }

        _at++;
        return value.ToString();
    }

    private char ReadEscaped()
    {
        _at++;
        switch (Peek())
        {
            case 'n':
                return '\n';
            case '\\' or '"':
                return Peek();
            default:
                Fail("'\\\\', '\\\"' or '\\n'");
                return default;
        }
    }

    private double ReadNumber(string what)
    {
        var rest = _line[_at..];
        var end = rest.IndexOfAny(' ', '\t');
        var text = end < 0 ? rest : rest[..end];
        if (!PrometheusText.TryParseNumber(text, out var value))
            Fail(what);
        _at += text.Length;
        return value;
    }

    private readonly char Peek() => _at < _line.Length ? _line[_at] : '\0';

    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
            _at++;
    }

    private void Expect(char c)
    {
        if (Peek() != c)
            Fail($"'{c}'");
        _at++;
    }

    [DoesNotReturn]
    private readonly void Fail(string expected, int? at = null) =>
        throw new FormatException($"line {lineNumber}, column {(at ?? _at) + 1}: expected {expected}");
}
