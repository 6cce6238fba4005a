using System.Text.Json;
using Weft.Cli.Output;

namespace Weft.Cli.Tests.Output;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("{'a':[1,2.5,true,null],'b':{},'c':[]}", "a:\n  - 1\n  - 2.5\n  - true\n  - null\nb: {}\nc: []\n")]
    [InlineData(
        "{'a':'true','b':'1','c':'','d':'no','e':'null'}",
        "a: \"true\"\nb: \"1\"\nc: \"\"\nd: \"no\"\ne: \"null\"\n"
    )]
    [InlineData("{'a':'/svc => /host'}", "a: /svc => /host\n")]
    [InlineData("{'a':'/#/file'}", "a: /#/file\n")]
    [InlineData("{'a':'x: y # z'}", "a: 'x: y # z'\n")]
    [InlineData("{'a':'* & ~'}", "a: \"* & ~\"\n")]
    [InlineData("{'a':'x\\ny'}", "a: |-\n  x\n  y\n")]
    [InlineData("{'a':'x\\r\\n\\u001b[2J'}", "a: \"x\\r\\n\\e[2J\"\n")]
    public void Json_becomes_yaml_that_says_the_same(string json, string yaml)
    {
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        using var output = new StringWriter();
        YamlText.Write(output, document.RootElement);

        Assert.Equal(yaml, output.ToString());
    }
}
