using System.Collections.Frozen;

namespace Weft.Resources;

/// <summary>Finds the Service document of a name in a number of steps that the count of documents does not change.</summary>
internal sealed class ServiceIndex
{
    private readonly FrozenDictionary<string, ServiceDocument>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly FrozenDictionary<string, ServiceDocument>.AlternateLookup<ReadOnlySpan<char>> _stems;

    /// <summary>The distinct lengths of stems, longest first.</summary>
    private readonly int[] _stemLengths;

    public ServiceIndex(IReadOnlyList<ServiceDocument> services)
    {
        _exact = Index(services.Where(s => !s.IsWildcard));
        _stems = Index(services.Where(s => s.IsWildcard));
        _stemLengths = [.. _stems.Dictionary.Keys.Select(stem => stem.Length).Distinct().OrderDescending()];
    }

    public ServiceDocument? Find(ReadOnlySpan<char> name)
    {
        if (_exact.TryGetValue(name, out var service))
        {
            return service;
        }
        foreach (var length in _stemLengths)
        {
            if (length <= name.Length && _stems.TryGetValue(name[..length], out service))
            {
                return service;
            }
        }
        return null;
    }

    private static FrozenDictionary<string, ServiceDocument>.AlternateLookup<ReadOnlySpan<char>> Index(
        IEnumerable<ServiceDocument> services
    ) =>
        services
            .ToFrozenDictionary(service => service.Stem, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}
