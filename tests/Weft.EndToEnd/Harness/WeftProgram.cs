namespace Weft.EndToEnd.Harness;

/// <summary>The program under test, built with these tests.</summary>
internal static class WeftProgram
{
    /// <summary>WEFT_BIN when set, else the build output that lies beside that of these tests, of the same configuration.</summary>
    public static string Path { get; } = Find();

    /// <summary>Runs it to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> Run(params IEnumerable<string> arguments) =>
        ChildProcess.Run(Path, arguments);

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("WEFT_BIN") is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? given
                : throw new FileNotFoundException($"WEFT_BIN names '{given}', which does not exist");
        }
        // .artifacts/bin/Weft.EndToEnd/release -> .artifacts/bin/Weft/release/weft
        var mine = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        var name = OperatingSystem.IsWindows() ? "weft.exe" : "weft";
        var path = System.IO.Path.Combine(mine.Parent!.Parent!.FullName, "Weft", mine.Name, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"no program at '{path}': build the solution, or set WEFT_BIN");
    }
}
