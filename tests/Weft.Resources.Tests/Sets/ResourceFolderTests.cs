namespace Weft.Resources.Tests.Sets;

public sealed class ResourceFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-resources-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void The_yaml_files_of_a_folder_are_read_in_the_order_of_their_names()
    {
        Write("b.yaml", "2");
        Write("a.yml", "1");
        Write(".hidden.yaml", "no");
        Write("notes.txt", "no");
        Write("c.yaml~", "no");
        _folder.CreateSubdirectory("inner.yaml");
        var (texts, problems) = ResourceFolder.Read(_folder.FullName);
        Assert.Empty(problems);
        Assert.Equal(["1", "2"], texts.Select(t => t.Text));
        Assert.Equal(["a.yml", "b.yaml"], texts.Select(t => System.IO.Path.GetFileName(t.File)));
    }

    [Fact]
    public void A_single_file_is_read_whatever_its_name()
    {
        var file = Write("mesh", "x");
        Assert.Equal((file, "x"), Assert.Single(ResourceFolder.Read(file).Texts));
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_a_problem_with_its_name()
    {
        var path = System.IO.Path.Combine(_folder.FullName, "absent");
        var (texts, problems) = ResourceFolder.Read(path);
        Assert.Empty(texts);
        Assert.StartsWith($"{path}: the file cannot be read", Assert.Single(problems).ToString());
    }

    [Fact]
    public void A_file_that_is_too_large_is_a_problem_and_the_others_are_read()
    {
        Write("a.yaml", new string('#', 1024 * 1024 + 1));
        Write("b.yaml", "2");
        var (texts, problems) = ResourceFolder.Read(_folder.FullName);
        Assert.Equal("2", Assert.Single(texts).Text);
        Assert.Contains("more than the 1048576 that are read", Assert.Single(problems).Message);
    }
}
