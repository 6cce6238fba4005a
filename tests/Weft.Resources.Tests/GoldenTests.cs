using Weft.Naming;

namespace Weft.Resources.Tests;

/// <summary>
/// Each golden/NAME.yaml is read, and what is reported must be golden/NAME.txt, letter by letter. A NAME that begins with
/// 'proxy' is a proxy's file, any other holds documents. To add a case, write the .yaml, run the tests with
/// WEFT_GOLDEN=write, and read the .txt that came of it.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Repository.Folder("tests", "Weft.Resources.Tests", "golden");

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(f => System.IO.Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_reported_is_what_stands_in_the_golden_file(string name)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(Folder, name + ".yaml"));
        var actual = string.Concat(Report(name, text).Select(line => line + "\n"));
        var golden = System.IO.Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("WEFT_GOLDEN") == "write")
        {
            File.WriteAllText(golden, actual);
        }
        Assert.Equal(File.ReadAllText(golden), actual);
    }

    [Fact]
    public void No_golden_file_is_without_its_input()
    {
        var outputs = Directory.GetFiles(Folder, "*.txt").Select(f => System.IO.Path.ChangeExtension(f, ".yaml"));
        Assert.All(outputs, input => Assert.True(File.Exists(input), input));
    }

    private static IEnumerable<string> Report(string name, string text)
    {
        var file = name + ".yaml";
        if (name.StartsWith("proxy", StringComparison.Ordinal))
        {
            return ProxyConfig.Parse(text, file).Problems.Select(p => $"error   {p}");
        }
        var parse = ResourceSet.Parse([(file, text)]);
        return parse.Problems.Select(p => $"error   {p}").Concat(parse.Warnings.Select(p => $"warning {p}"));
    }
}
