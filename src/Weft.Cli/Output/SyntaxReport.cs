using Weft.Cli.Invocation;
using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>A syntax error as people see it: the place, what was expected, and the line with the spot marked.</summary>
internal static class SyntaxReport
{
    public static string Text(string source, DtabSyntaxError error)
    {
        var marked = error.Caret.Split('\n').Select(line => $"  {line}");
        return $"{source}:{error.Line}:{error.Column}: {error.Message}; expected {error.Expected}"
            + $"{Environment.NewLine}{string.Join(Environment.NewLine, marked)}";
    }

    public static InvalidInputException Exception(string source, DtabSyntaxError error) => new(Text(source, error));
}
