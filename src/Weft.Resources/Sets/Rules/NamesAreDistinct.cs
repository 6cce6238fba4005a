namespace Weft.Resources;

/// <summary>Two documents of one kind have two names; the first keeps it.</summary>
internal static class NamesAreDistinct
{
    public static IReadOnlyList<Resource> Check(IReadOnlyList<Resource> all, Findings findings)
    {
        var first = new Dictionary<(string, string), Resource>();
        var distinct = new List<Resource>(all.Count);
        foreach (var resource in all)
        {
            if (first.TryAdd((resource.Kind, resource.Name), resource))
            {
                distinct.Add(resource);
                continue;
            }
            var other = first[(resource.Kind, resource.Name)].Origin;
            findings.Problems.Add(
                resource.Origin.Problem($"there is a {resource} already, at {other}", "rename or remove one")
            );
        }
        return distinct;
    }
}
