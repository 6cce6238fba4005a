using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>retries</c> to a <see cref="RetriesSpec"/>.</summary>
internal static class RetriesReader
{
    /// <summary>A body larger than this is not kept for a retry by anyone.</summary>
    private const long MaxReplayBuffer = 16 << 20;

    private static readonly RetriesSpec Defaults = new();

    public static RetriesSpec Read(MapReader map)
    {
        var (conditions, statuses) = ReadOn(map);
        var (methods, methodList) = ReadMethods(map);
        var retries = new RetriesSpec
        {
            On = map.Has("on") ? [.. conditions] : Defaults.On,
            Statuses = [.. statuses],
            Grpc = ReadGrpc(map),
            Methods = methods,
            MethodList = methodList,
            Limit = map.Int("limit", Defaults.Limit, 1, 100),
            Budget = map.Map("budget") is { } budget ? ReadBudget(budget) : Defaults.Budget,
            Backoff = BackoffReader.Read(map, Defaults.Backoff),
            ReplayBuffer = map.Value("replayBuffer", ScalarKinds.Size, (0, MaxReplayBuffer)) ?? Defaults.ReplayBuffer,
        };
        map.End();
        return retries;
    }

    public static (List<RetryCondition> Conditions, List<StatusRange> Statuses) ReadOn(MapReader map)
    {
        const string expected = "write a list of conditions and status codes, such as [connect-failure, 503]";
        var conditions = new List<RetryCondition>();
        var statuses = new List<StatusRange>();
        foreach (var item in map.List("on", expected))
        {
            if (map.AsScalar(item, "'on'", expected) is not { } scalar)
            {
                continue;
            }
            if (scalar.Text is { Length: 3 } && int.TryParse(scalar.Text, out _))
            {
                if (StatusRange.TryParse(scalar.Text, out var status))
                {
                    statuses.Add(status);
                    continue;
                }
                map.Problems.Add(scalar.Position, $"{scalar.Noun} is not a status code", "write 100 to 599");
                continue;
            }
            conditions.Add(map.ReadChoice(scalar, "'on'", RetryCondition.ConnectFailure, ServiceWords.Conditions));
        }
        return (conditions, statuses);
    }

    public static ValueList<string> ReadGrpc(MapReader map)
    {
        const string expected = "write a list of gRPC statuses, such as [unavailable]";
        return
        [
            .. map.List("grpc", expected)
                .Select(item => map.AsScalar(item, "'grpc'", expected))
                .OfType<YamlScalar>()
                .Select(scalar => map.ReadChoice(scalar, "'grpc'", "unavailable", ServiceWords.GrpcStatuses)),
        ];
    }

    public static (RetryMethods, ValueList<string>) ReadMethods(MapReader map)
    {
        const string expected = "write idempotent, all, or a list such as [GET, PUT]";
        if (map.Node("methods") is not YamlSequence list)
        {
            return (map.Choice("methods", Defaults.Methods, ServiceWords.Methods), []);
        }
        var methods = new List<string>();
        foreach (var item in list.Items)
        {
            if (map.AsScalar(item, "'methods'", expected) is { } scalar)
            {
                if (!Identifier.IsToken(scalar.Text))
                {
                    map.Problems.Add(scalar.Position, $"{scalar.Noun} is not a method", expected);
                }
                methods.Add(scalar.Text);
            }
        }
        return (RetryMethods.Listed, [.. methods]);
    }

    private static RetryBudgetSpec ReadBudget(MapReader map)
    {
        var budget = new RetryBudgetSpec
        {
            Ratio = map.Value("ratio", ScalarKinds.Ratio, Ranges.Share) ?? Defaults.Budget.Ratio,
            Window = map.Value("window", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Budget.Window,
            MinPerSecond = map.Int("minPerSecond", Defaults.Budget.MinPerSecond, 0, 1_000_000),
        };
        map.End();
        return budget;
    }
}

/// <summary>From <c>backoff</c> to a <see cref="BackoffSpec"/>.</summary>
internal static class BackoffReader
{
    public static BackoffSpec Read(MapReader parent, BackoffSpec defaults)
    {
        if (parent.Map("backoff") is not { } map)
        {
            return defaults;
        }
        var first = map.Value("base", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Base;
        var max = map.Value("max", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Max;
        var jitter = map.Choice("jitter", defaults.Jitter, ServiceWords.Jitters);
        map.End();
        if (first > max)
        {
            map.Problems.Add(
                map.Position,
                $"'base' is {DurationText.Show(first)}, longer than 'max', {DurationText.Show(max)}"
            );
        }
        return new BackoffSpec(first, max, jitter);
    }
}
