using Weft.Naming;

namespace Weft.Resources.Yaml;

/// <summary>Collects what is wrong with one file, up to a bound, so that one run shows all there is to mend.</summary>
internal sealed class ProblemSink(string file)
{
    /// <summary>More than a person would mend before trying again.</summary>
    public const int Max = 200;

    private readonly List<Problem> _problems = [];
    private bool _full;

    public string File => file;

    public int Count => _problems.Count;

    public void Add(Position position, string message, string? remedy = null) =>
        Add(new Problem(file, position.Line, position.Column, message, remedy));

    public void Add(Problem problem)
    {
        if (_problems.Count < Max)
        {
            _problems.Add(problem);
        }
        else
        {
            _full = true;
        }
    }

    /// <summary>In the order of the file's lines.</summary>
    public IReadOnlyList<Problem> ToList()
    {
        var sorted = _problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        if (_full)
        {
            sorted.Add(new Problem(file, 0, 0, $"there are more problems than the {Max} shown"));
        }
        return sorted;
    }
}
