using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class ConsulNamerReader
{
    private static readonly (string, HealthState)[] HealthStates =
    [
        ("passing", HealthState.Passing),
        ("warning", HealthState.Warning),
        ("critical", HealthState.Critical),
    ];

    private static readonly (string, Consistency)[] Consistencies =
    [
        ("default", Consistency.Default),
        ("stale", Consistency.Stale),
        ("consistent", Consistency.Consistent),
    ];

    public static NamerSpec? Read(MapReader map, DocumentContext context) =>
        new NamerSpec.Consul
        {
            Http = HttpBackendReader.Read(map, "http://127.0.0.1:8500"),
            IncludeTag = map.Flag("includeTag", false),
            Health = ReadHealth(map),
            Consistency = map.Choice("consistency", Consistency.Default, Consistencies),
            PreferServiceAddress = map.Flag("preferServiceAddress", true),
            Weights = ReadWeights(map),
        };

    private static ValueList<HealthState> ReadHealth(MapReader map)
    {
        const string expected = "write a list of states, such as [passing, warning]";
        var states = map.List("health", expected)
            .Select(item => map.AsScalar(item, "'health'", expected))
            .OfType<YamlScalar>()
            .Select(scalar => map.ReadChoice(scalar, "'health'", HealthState.Passing, HealthStates))
            .Distinct()
            .ToArray();
        return states.Length == 0 ? [HealthState.Passing] : [.. states];
    }

    private static ValueList<TagWeight> ReadWeights(MapReader map)
    {
        const string expected = "write a list, such as [{tag: large, weight: 2}]";
        var weights = new List<TagWeight>();
        foreach (var item in map.List("weights", expected))
        {
            if (MapReader.Open(item, "an item of 'weights'", map.Problems) is not { } weight)
            {
                continue;
            }
            var tag = weight.AsScalar(weight.RequiredNode("tag", expected), "'tag'", expected);
            var value = weight.Value("weight", ScalarKinds.Weight, (0, 1_000_000));
            weight.RequiredNode("weight", expected);
            weight.End();
            if (tag is not null && value is not null)
            {
                weights.Add(new TagWeight(tag.Text, value.Value));
            }
        }
        return [.. weights];
    }
}
