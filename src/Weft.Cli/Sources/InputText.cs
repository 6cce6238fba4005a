using Weft.Cli.Invocation;

namespace Weft.Cli.Sources;

/// <summary>Texts that the command line names.</summary>
internal static class InputText
{
    /// <summary>Chars of one text; what is longer is refused.</summary>
    public const int MaxChars = 1024 * 1024;

    /// <summary>What stands for standard input where a file is asked for.</summary>
    public const string StandardInput = "-";

    /// <summary>A file, or standard input for <c>-</c>, and what to call it in errors.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or is too long.</exception>
    public static (string Name, string Text) Read(CliContext context, string file)
    {
        if (file == StandardInput)
        {
            return ("stdin", ReadBounded(context.In, "stdin"));
        }

        try
        {
            using var reader = new StreamReader(file);
            return (file, ReadBounded(reader, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidInputException($"{file}: the file cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    private static string ReadBounded(TextReader reader, string name)
    {
        var buffer = new char[MaxChars + 1];
        var length = reader.ReadBlock(buffer);
        return length <= MaxChars
            ? new string(buffer, 0, length)
            : throw new InvalidInputException(
                $"{name}: the text has more than the {MaxChars} characters that are read"
            );
    }
}
