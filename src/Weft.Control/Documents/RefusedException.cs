using Weft.Api.Documents;
using Weft.Naming;

namespace Weft.Control;

/// <summary>A request that is answered with an error, and with which.</summary>
internal sealed class RefusedException(int status, ErrorInfo error) : Exception(error.Message)
{
    /// <summary>As HTTP has it.</summary>
    public int Status { get; } = status;

    public ErrorInfo Error { get; } = error;

    public static RefusedException BadRequest(string message) => new(400, Info(ErrorInfo.BadRequest, message));

    public static RefusedException NotFound(string message) => new(404, Info(ErrorInfo.NotFound, message));

    public static RefusedException Invalid(IReadOnlyList<Problem> problems) =>
        new(
            422,
            new ErrorInfo
            {
                Error = ErrorInfo.Invalid,
                Message = problems.Count == 1 ? "there is a problem" : $"there are {problems.Count} problems",
                Problems = [.. problems.Select(Answers.ProblemOf)],
            }
        );

    /// <summary>The document is not what the author knows.</summary>
    public static RefusedException Stale(CommitOutcome.Stale stale, string? offered)
    {
        var now = stale.Current is { } current ? $"is at revision {current.Revision}" : "does not exist";
        var expected = stale.Expected == 0 ? "was expected not to exist" : $"was expected at revision {stale.Expected}";
        return new(
            412,
            new ErrorInfo
            {
                Error = ErrorInfo.Stale,
                Message = $"{stale.Key} {expected}, and {now}: read it, and write again",
                Current = stale.Current is { } document ? Answers.DocumentOf(document, withText: true) : null,
                Offered = offered,
            }
        );
    }

    private static ErrorInfo Info(string error, string message) => new() { Error = error, Message = message };
}
