namespace Weft.Resources.Tests;

/// <summary>Finds the files of the repository from where the tests run.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static string Folder(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Weft.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("the tests run outside of the repository");
    }
}
