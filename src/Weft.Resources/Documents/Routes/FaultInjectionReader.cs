using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of a FaultInjection to its faults.</summary>
internal static class FaultInjectionReader
{
    public static Resource? Read(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        if (MapReader.Open(spec, "the spec of a FaultInjection", context.Problems) is not { } map)
        {
            return null;
        }
        var document = new FaultInjectionDocument
        {
            Name = envelope.Name,
            Labels = envelope.Labels,
            Origin = envelope.Origin,
            Parents = RouteSpecReader.ReadParents(map),
            Matches = [.. map.Items("matches", "a match", RouteMatchReader.Read)],
            Delay = map.Map("delay") is { } delay ? ReadDelay(delay) : null,
            Abort = map.Map("abort") is { } abort ? ReadAbort(abort) : null,
        };
        map.End();
        if (!map.Has("delay") && !map.Has("abort"))
        {
            map.Problems.Add(
                map.Position,
                "a FaultInjection needs a fault",
                "write 'delay: {fixed: 100ms, percent: 10}', 'abort: {status: 503, percent: 10}' or both"
            );
        }
        return document;
    }

    private static FaultDelay ReadDelay(MapReader map)
    {
        _ = map.RequiredNode("fixed", ScalarKinds.Duration.Expected);
        var delay = new FaultDelay(
            map.Value("fixed", ScalarKinds.Duration, Ranges.TimeoutOrNone) ?? TimeSpan.Zero,
            map.Value("jitter", ScalarKinds.Duration, Ranges.TimeoutOrNone) ?? TimeSpan.Zero,
            ReadShare(map)
        );
        map.End();
        return delay;
    }

    private static FaultAbort ReadAbort(MapReader map)
    {
        var status = (int?)map.Value("status", ScalarKinds.Number, (200, 599));
        var grpc = map.Choice("grpc", null, [.. ServiceWords.GrpcStatuses.Select(s => (s.Item1, (string?)s.Item2))]);
        var share = ReadShare(map);
        map.End();
        if (map.Has("status") == map.Has("grpc"))
        {
            map.Problems.Add(
                map.Position,
                map.Has("status") ? "'abort' has two answers" : "'abort' has no answer",
                "write 'status: 503' or 'grpc: unavailable'; requests of either kind get the one that corresponds"
            );
        }
        return new FaultAbort(status, grpc, share);
    }

    private static double ReadShare(MapReader map) => (map.Value("percent", ScalarKinds.Percent) ?? 100) / 100;
}
