using System.Net;
using Weft.Naming;

namespace Weft.Discovery.Tests;

/// <summary>A backend whose every watch a test plays itself.</summary>
internal sealed class ScriptedSource : IWatchSource<EndpointSet>
{
    /// <summary>Every watch that was begun, in order.</summary>
    public List<Session> Sessions { get; } = [];

    public Session Last => Sessions[^1];

    public Task WatchAsync(string key, IWatchReport<EndpointSet> report, CancellationToken stop)
    {
        Sessions.Add(new Session(key, report, stop));
        return Last.Ended;
    }

    public static EndpointSet Set(params string[] addresses) =>
        new EndpointSet.Known([.. addresses.Select(a => new Endpoint(IPEndPoint.Parse(a)))]);

    public sealed class Session
    {
        private readonly TaskCompletionSource _end = new();
        private readonly IWatchReport<EndpointSet> _report;

        public Session(string key, IWatchReport<EndpointSet> report, CancellationToken stop)
        {
            (Key, _report) = (key, report);
            stop.Register(() =>
            {
                IsStopped = true;
                _end.TrySetCanceled(stop);
            });
        }

        public string Key { get; }

        public bool IsStopped { get; private set; }

        public Task Ended => _end.Task;

        public void Say(params string[] addresses) => _report.Take(Set(addresses));

        public void Deny() => _report.Take(EndpointSet.Neg.Instance);

        public void Reject(string why) => _report.Reject(why);

        public void Confirm() => _report.Confirm();

        public void End() => _end.SetResult();

        public void Fail(string why) => _end.SetException(new IOException(why));
    }
}

/// <summary>Names of one label each, which is the key of a watch.</summary>
internal sealed class ScriptedScheme : NameScheme<EndpointSet>
{
    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        for (var length = labels.Length; length > 0; length--)
        {
            candidates.Add(new NameCandidate(length, string.Join('/', labels[..length].ToArray())));
        }
        return labels.Length > 0 && labels[0] == "bad" ? "bad is no name" : null;
    }

    public override EndpointSet Select(EndpointSet known, NameCandidate name) => known;
}
