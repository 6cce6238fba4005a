namespace Weft.Naming;

/// <summary>One thing that is wrong with a text that a person wrote: where, what, and what to do about it.</summary>
/// <param name="File">The file, or a stand-in such as <c>--dtab</c> when the text did not come from a file.</param>
/// <param name="Line">1-based; 0 when the whole file is meant.</param>
/// <param name="Column">1-based, in characters; 0 when the whole line is meant.</param>
/// <param name="Message">What is wrong, in one sentence without a final full stop.</param>
/// <param name="Remedy">What was expected or what to do, in one sentence; null when the message already says so.</param>
public sealed record Problem(string File, int Line, int Column, string Message, string? Remedy = null)
{
    /// <summary><c>file:line:column: message; remedy</c>, without the parts that are not known.</summary>
    public override string ToString()
    {
        var place = (Line, Column) switch
        {
            (0, _) => File,
            (_, 0) => $"{File}:{Line}",
            _ => $"{File}:{Line}:{Column}",
        };
        return Remedy is null ? $"{place}: {Message}" : $"{place}: {Message}; {Remedy}";
    }
}
