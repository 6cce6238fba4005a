namespace Weft.Resources;

/// <summary>Paths that documents mention.</summary>
internal static class FilePaths
{
    /// <summary>A relative path is meant from the folder of the file that it is written in.</summary>
    public static string Resolve(string file, string path)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)) ?? "/";
        return System.IO.Path.GetFullPath(path, folder);
    }
}
