using Weft.Api.Documents;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Control;

/// <summary>Why a control plane refused, for people.</summary>
internal static class RefusalText
{
    /// <summary>Writes all that is known of it, and says how the program ends.</summary>
    public static int Write(TextWriter errors, ErrorInfo error)
    {
        foreach (var problem in error.Problems ?? [])
        {
            TextLine.Write(errors, DocumentVerb.ProblemOf(problem).ToString());
        }

        if (error.Error != ErrorInfo.Invalid)
        {
            TextLine.Write(errors, $"weft: {error.Message}");
        }

        if (error.Error == ErrorInfo.Stale)
        {
            TextLine.Write(
                errors,
                error.Current is { } now
                    ? $"as it is, by {now.Author} (-), and as it was to be (+):"
                    : "as it was to be (+):"
            );
            DiffText.Write(errors, [.. DiffText.Compare(error.Current?.Text ?? "", error.Offered ?? "")]);
        }

        return error.Error is ErrorInfo.Invalid or ErrorInfo.BadRequest ? ExitCodes.Invalid : ExitCodes.No;
    }
}
