namespace Weft.Api.Client;

/// <summary>
/// A file that holds the token for a control plane: as the control plane's own file has it, the last word of a line, where a name may stand before
/// it. A client takes the first line.
/// </summary>
public static class TokenFile
{
    /// <summary>The token of the first line; null when the file is empty.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string file) =>
        File.ReadLines(file).FirstOrDefault()?.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();

    /// <summary>The same; null also when it cannot be read.</summary>
    public static string? TryRead(string file)
    {
        try
        {
            return Read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
