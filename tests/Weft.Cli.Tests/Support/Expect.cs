using System.Text.Json.Nodes;

namespace Weft.Cli.Tests.Support;

public static class Expect
{
    /// <summary>That two values are the same.</summary>
    /// <param name="expected">JSON with ' in the place of ".</param>
    /// <param name="actual">What came out.</param>
    public static void Json(string expected, JsonNode? actual)
    {
        var value = JsonNode.Parse(expected.Replace('\'', '"'));
        if (!JsonNode.DeepEquals(value, actual))
        {
            Assert.Equal(value?.ToJsonString(), actual?.ToJsonString());
        }
    }
}
