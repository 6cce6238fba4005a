using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Follows the members of one node, and whether there is such a node.</summary>
internal sealed class ServerSetsSource(ZooKeeperClient client, TimeProvider time) : IWatchSource<ServerSet>
{
    /// <summary>From the beginning of one reading to that of the next: what changes meanwhile is read together.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    public async Task WatchAsync(string key, IWatchReport<ServerSet> report, CancellationToken stop)
    {
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        ZooKeeperConnection? connection = null;
        try
        {
            while (true)
            {
                connection = await client.ConnectionAsync(connection, report.Reject, stop);
                await FollowAsync(connection, key, members, report, stop);
                // What was read over it is not watched any more; what members said last is kept until it is read again.
                foreach (var member in members.Values)
                {
                    member.Watch?.Dispose();
                    member.OnTriggered();
                }
            }
        }
        finally
        {
            foreach (var member in members.Values)
            {
                member.Watch?.Dispose();
            }
        }
    }

    /// <summary>Follows a node until the connection has ended.</summary>
    private async Task FollowAsync(
        ZooKeeperConnection connection,
        string key,
        Dictionary<string, Member> members,
        IWatchReport<ServerSet> report,
        CancellationToken stop
    )
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var changed = new TaskCompletionSource();
            using var watch = client.Watch(key, () => changed.TrySetResult());
            try
            {
                await ReadAsync(connection, key, members, changed, report, stop);
            }
            catch (IOException)
            {
                return; // The client says why.
            }
            await changed.Task.WaitAsync(stop);
            if (!client.IsCurrent(connection))
            {
                return;
            }
            var rest = MinInterval - time.GetElapsedTime(began);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, stop);
            }
        }
    }

    private async Task ReadAsync(
        ZooKeeperConnection connection,
        string path,
        Dictionary<string, Member> members,
        TaskCompletionSource changed,
        IWatchReport<ServerSet> report,
        CancellationToken stop
    )
    {
        var (error, reply) = await connection.AskAsync(ZooKeeperOperation.GetChildren, path, stop);
        if (error == ZooKeeperError.NoNode)
        {
            (error, _) = await connection.AskAsync(ZooKeeperOperation.Exists, path, stop);
            if (error == ZooKeeperError.None)
            {
                changed.TrySetResult(); // It has come to be between the two questions.
                return;
            }
            Check(error == ZooKeeperError.NoNode ? ZooKeeperError.None : error, path);
            report.Take(ServerSet.Absent);
            return;
        }
        Check(error, path);
        report.Take(await MembersAsync(reply, connection, path, members, changed, stop));
        if (members.FirstOrDefault(m => m.Value.Problem is not null) is { Value: { } bad } named)
        {
            report.Reject($"{path}/{named.Key} is no member: {bad.Problem}");
        }
    }

    private async Task<ServerSet> MembersAsync(
        byte[] reply,
        ZooKeeperConnection connection,
        string path,
        Dictionary<string, Member> members,
        TaskCompletionSource changed,
        CancellationToken stop
    )
    {
        var children = new JuteReader(reply).Texts();
        var names = children
            .Where(c => c.StartsWith(ServerSetMember.NodePrefix, StringComparison.Ordinal))
            .ToImmutableHashSet(StringComparer.Ordinal);
        if (names.Count > EndpointMerge.MaxEndpoints)
        {
            throw new BackendException($"{path} has more than {EndpointMerge.MaxEndpoints} members");
        }
        foreach (var gone in members.Keys.Where(name => !names.Contains(name)).ToArray())
        {
            members[gone].Watch?.Dispose();
            members.Remove(gone);
        }
        foreach (var member in members.Values)
        {
            member.Changed = changed;
        }
        var unread = names.Where(name => !members.TryGetValue(name, out var known) || known.IsChanged).ToArray();
        foreach (var name in unread)
        {
            members.TryGetValue(name, out var before);
            before?.Watch?.Dispose();
            var member = members[name] = new Member(changed, before?.Known);
            member.Watch = client.Watch($"{path}/{name}", member.OnTriggered);
        }
        // Asked for all at once; the server answers in order.
        var replies = await Task.WhenAll(
            unread.Select(name => connection.AskAsync(ZooKeeperOperation.GetData, $"{path}/{name}", stop))
        );
        foreach (var (name, (error, data)) in unread.Zip(replies))
        {
            if (error == ZooKeeperError.NoNode)
            {
                members[name].Watch?.Dispose();
                members.Remove(name); // Gone since; the children's watch tells.
                continue;
            }
            Check(error, $"{path}/{name}");
            members[name].Read(data);
        }
        // A node on the way to others is no service.
        return children.Length > 0 && names.IsEmpty
            ? ServerSet.Absent
            : ServerSet.Of(members.Values.Select(m => m.Known).OfType<ServerSetMember>());
    }

    private static void Check(int error, string path)
    {
        if (error != ZooKeeperError.None)
        {
            throw new BackendException(
                error == ZooKeeperError.NoAuth ? $"{path} may not be read" : $"ZooKeeper answered {error} for {path}"
            );
        }
    }

    /// <summary>One child: what it said last, and whether that may be something else by now.</summary>
    private sealed class Member(TaskCompletionSource changed, ServerSetMember? known)
    {
        public TaskCompletionSource Changed { get; set; } = changed;

        public ServerSetMember? Known { get; private set; } = known;

        public string? Problem { get; private set; }

        public bool IsChanged { get; private set; }

        public IDisposable? Watch { get; set; }

        public void OnTriggered()
        {
            IsChanged = true;
            Changed.TrySetResult();
        }

        public void Read(byte[] reply)
        {
            try
            {
                Known = ServerSetMember.Parse(new JuteReader(reply).Buffer().ToArray());
            }
            catch (BackendException error)
            {
                Problem = error.Message;
            }
        }
    }
}
