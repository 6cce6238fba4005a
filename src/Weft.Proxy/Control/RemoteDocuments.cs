using Weft.Api.Mesh;
using Weft.Naming;
using Weft.Resources;
using Resource = Weft.Api.Mesh.Resource;

namespace Weft.Proxy;

/// <summary>
/// Which documents of a control plane this proxy can use, each looked at by itself, so that one which is bad or of a newer kind does not
/// hold up the others. Safe from any thread.
/// </summary>
internal sealed class RemoteDocuments
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ulong> _versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IReadOnlyList<Problem>> _refused = new(StringComparer.Ordinal);

    /// <summary>Of all that are in force together, whatever the order in which they came.</summary>
    public ulong Version
    {
        get
        {
            lock (_gate)
            {
                return _versions.Values.Aggregate(0UL, (sum, one) => unchecked(sum + one));
            }
        }
    }

    /// <summary>What is wrong with those that were refused and have not come anew since.</summary>
    public IReadOnlyList<Problem> Problems
    {
        get
        {
            lock (_gate)
            {
                return [.. _refused.Values.SelectMany(p => p)];
            }
        }
    }

    /// <summary>Takes a document in.</summary>
    /// <param name="resource">The document; its name is <c>Kind/name</c>.</param>
    /// <param name="texts">Where its text is put, null when it is gone.</param>
    /// <returns>Why it cannot be used; null when it can.</returns>
    public string? Take(Resource resource, Dictionary<string, string?> texts)
    {
        var name = resource.Name.Name;
        var problems = ProblemsOf(resource);
        lock (_gate)
        {
            if (problems.Count > 0)
            {
                _refused[name] = problems;
                return string.Join(Environment.NewLine, problems);
            }

            _refused.Remove(name);
            if (resource.ContentCase == Resource.ContentOneofCase.Document)
            {
                _versions[name] = resource.Version;
                texts[name] = resource.Document;
            }
            else
            {
                _versions.Remove(name);
                texts[name] = null;
            }

            return null;
        }
    }

    private static IReadOnlyList<Problem> ProblemsOf(Resource resource) =>
        resource.ContentCase switch
        {
            Resource.ContentOneofCase.Absent => [],
            Resource.ContentOneofCase.Document => ResourceSet.Parse([(resource.Name.Name, resource.Document)]).Problems,
            Resource.ContentOneofCase.Refused => [new Problem(resource.Name.Name, 0, 0, resource.Refused)],
            _ => [new Problem(resource.Name.Name, 0, 0, $"a document cannot be {resource.ContentCase}")],
        };
}
