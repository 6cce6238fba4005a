namespace Weft.Cli.Tests.Support;

/// <summary>A folder of its own for one test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("weft-cli-").FullName;

    public string Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Root, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>A text without the name of this folder.</summary>
    public string Without(string text) => text.Replace(Root + "/", "");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
