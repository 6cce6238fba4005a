using System.Globalization;

namespace Weft.Bench.Harness.Invocation;

/// <summary>The words of a benchmark's command line, taken one after the other. What is wrong is said to the user.</summary>
internal sealed class Arguments(string[] words)
{
    private readonly Queue<string> _rest = new(words);

    /// <summary>The next option; false when there is none.</summary>
    public bool TryNext(out string option) => _rest.TryDequeue(out option!);

    /// <summary>What stands behind an option.</summary>
    /// <exception cref="FormatException">Nothing does.</exception>
    public string Value(string option) =>
        _rest.TryDequeue(out var value) ? value : throw new FormatException($"{option} needs a value");

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public int Number(string option, int least, int most) =>
        int.TryParse(Value(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw new FormatException($"{option} needs a number from {least} to {most}");

    /// <summary>Words with commas between them.</summary>
    /// <exception cref="FormatException">One of them is not known.</exception>
    public string[] List(string option, string[] known)
    {
        var values = Value(option).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var unknown = values.Except(known).ToArray();
        return unknown.Length == 0
            ? values
            : throw new FormatException($"{option}: '{unknown[0]}' is none of {string.Join(", ", known)}");
    }

    /// <summary>What to throw at an option that nobody knows.</summary>
    public static FormatException Unknown(string option) => new($"unknown option '{option}'; see --help");
}
