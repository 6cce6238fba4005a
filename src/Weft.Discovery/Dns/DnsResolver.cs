using System.Collections.Immutable;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>From a host or a service in DNS to its endpoints.</summary>
internal sealed class DnsResolver(DnsClient client)
{
    /// <summary>Aliases that are followed from one answer to the next.</summary>
    private const int MaxAliases = 8;

    /// <summary>Hosts of one service.</summary>
    private const int MaxTargets = 1000;

    /// <summary>Hosts of one service that are asked for at a time.</summary>
    private const int AtOnce = 16;

    /// <summary>Of an answer that something is absent, and does not say for how long.</summary>
    private static readonly TimeSpan NegativeTtl = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of both families. One family's failure counts only when the other has none to give.</summary>
    public async Task<DnsAnswer> HostAsync(string host, CancellationToken stop)
    {
        var four = AddressesAsync(host, DnsType.A, stop);
        var six = AddressesAsync(host, DnsType.Aaaa, stop);
        await Task.WhenAll(
            four.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously),
            six.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously)
        );
        stop.ThrowIfCancellationRequested();
        var known = new[] { four, six }.Where(t => t.IsCompletedSuccessfully).ToList();
        var answers = new List<DnsAnswer>();
        foreach (var answer in known)
        {
            answers.Add(await answer);
        }
        var addresses = answers.SelectMany(a => a.Host?.Addresses ?? []).ToList();
        if (addresses.Count == 0)
        {
            // Throws what went wrong, if anything did.
            await four;
            await six;
            var isAbsent = answers.Exists(a => a.Services is EndpointSet.Neg);
            return new DnsAnswer(
                isAbsent ? EndpointSet.Neg.Instance : EndpointSet.Known.Empty,
                null,
                answers.Min(a => a.Ttl)
            );
        }
        var sorted = addresses.Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal).ToImmutableArray();
        var ttl = answers.Where(a => a.Host is not null).Min(a => a.Ttl);
        return new DnsAnswer(EndpointSet.Known.Empty, new HostAnswer.Known(sorted), ttl);
    }

    /// <summary>The endpoints of a service: those of the most preferred priority that has any address (RFC 2782).</summary>
    public async Task<DnsAnswer> ServiceAsync(string name, CancellationToken stop)
    {
        var (records, other, absent) = await FindAsync<DnsRecord.Service>(name, DnsType.Srv, stop);
        if (absent is not null)
        {
            return absent;
        }
        if (records.Count > MaxTargets)
        {
            throw new BackendException($"{name} has more than {MaxTargets} hosts");
        }
        var ttl = Ttl(records);
        // Nobody listens on port 0.
        foreach (
            var group in records
                .Where(r => r.Target.Length > 0 && r.Port > 0)
                .GroupBy(r => r.Priority)
                .OrderBy(g => g.Key)
        )
        {
            var hosts = await HostsAsync([.. group.Select(r => r.Target).Distinct()], other, stop);
            var endpoints = Endpoints([.. group], hosts);
            ttl = hosts.Values.Select(h => h.Ttl).Append(ttl).Min();
            if (!endpoints.IsEmpty)
            {
                return new DnsAnswer(new EndpointSet.Known(endpoints), null, ttl);
            }
        }
        return new DnsAnswer(EndpointSet.Known.Empty, null, ttl);
    }

    private static ImmutableArray<Endpoint> Endpoints(DnsRecord.Service[] group, Dictionary<string, DnsAnswer> hosts)
    {
        // All zero means that nobody cared; beside others, zero is "hardly ever".
        var isWeighted = Array.Exists(group, r => r.Weight > 0);
        var weights = new SortedDictionary<(string Address, int Port), Endpoint>();
        foreach (var record in group)
        {
            var addresses = hosts[record.Target].Host?.Addresses ?? [];
            var weight = !isWeighted ? 1 : Math.Max((double)record.Weight, 0.01);
            foreach (var address in addresses)
            {
                var endpoint = new Endpoint(new IPEndPoint(address, record.Port), weight / addresses.Length);
                var key = (address.ToString(), record.Port);
                weights[key] = weights.TryGetValue(key, out var same)
                    ? same with
                    {
                        Weight = same.Weight + endpoint.Weight,
                    }
                    : endpoint;
            }
        }
        return [.. weights.Values];
    }

    /// <summary>The addresses of hosts: those that came along, and those that have to be asked for.</summary>
    private async Task<Dictionary<string, DnsAnswer>> HostsAsync(
        string[] names,
        ILookup<string, DnsRecord.Address> alongside,
        CancellationToken stop
    )
    {
        var hosts = new Dictionary<string, DnsAnswer>(StringComparer.Ordinal);
        foreach (var name in names.Where(alongside.Contains))
        {
            hosts[name] = Known([.. alongside[name]]);
        }
        foreach (var chunk in names.Where(n => !hosts.ContainsKey(n)).Chunk(AtOnce).ToArray())
        {
            var answers = await Task.WhenAll(chunk.Select(name => HostAsync(name, stop)));
            foreach (var (name, answer) in chunk.Zip(answers))
            {
                hosts[name] = answer;
            }
        }
        return hosts;
    }

    private async Task<DnsAnswer> AddressesAsync(string host, DnsType type, CancellationToken stop)
    {
        var (records, _, absent) = await FindAsync<DnsRecord.Address>(host, type, stop);
        return absent ?? Known(records);
    }

    /// <summary>Records of one type, through aliases; or that there are none, and for how long that holds.</summary>
    private async Task<(List<T> Records, ILookup<string, DnsRecord.Address> Others, DnsAnswer? Absent)> FindAsync<T>(
        string name,
        DnsType type,
        CancellationToken stop
    )
        where T : DnsRecord
    {
        var owner = name;
        for (var asked = 0; asked < MaxAliases; asked++)
        {
            var response = await client.AskAsync(owner, type, stop);
            var ttl = uint.MaxValue;
            // Aliases usually come with what they lead to. Each is followed once, so that they come to an end.
            for (var i = 0; i < MaxAliases; i++)
            {
                var alias = response.Records.OfType<DnsRecord.Alias>().FirstOrDefault(r => r.Name == owner);
                if (alias is null)
                {
                    break;
                }
                (owner, ttl) = (alias.Target, Math.Min(ttl, alias.Ttl));
            }
            var records = response.Records.OfType<T>().Where(r => r.Name == owner).ToList();
            if (records.Count > 0)
            {
                var capped = records.ConvertAll(r => r with { Ttl = Math.Min(r.Ttl, ttl) });
                var others = response.Records.OfType<DnsRecord.Address>().ToLookup(r => r.Name);
                return (capped, others, null);
            }
            if (ttl == uint.MaxValue || response.Code == DnsCode.NoSuchName)
            {
                var authority = response.Records.OfType<DnsRecord.Authority>().FirstOrDefault();
                var holds = authority is null
                    ? NegativeTtl
                    : TimeSpan.FromSeconds(Math.Min(authority.Ttl, authority.Minimum));
                EndpointSet absence =
                    response.Code == DnsCode.NoSuchName ? EndpointSet.Neg.Instance : EndpointSet.Known.Empty;
                return (
                    [],
                    Array.Empty<DnsRecord.Address>().ToLookup(r => r.Name),
                    new DnsAnswer(absence, null, holds)
                );
            }
        }
        throw new BackendException($"{name} leads through more than {MaxAliases} aliases");
    }

    private static DnsAnswer Known(List<DnsRecord.Address> records) =>
        new(
            EndpointSet.Known.Empty,
            new HostAnswer.Known([
                .. records.Select(r => r.Value).Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal),
            ]),
            Ttl(records)
        );

    private static TimeSpan Ttl(IEnumerable<DnsRecord> records) => TimeSpan.FromSeconds(records.Min(r => r.Ttl));
}
