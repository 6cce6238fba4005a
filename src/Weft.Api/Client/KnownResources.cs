using Google.Protobuf;
using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>
/// What was sent so far, whole: deltas are worked in here, and what a new connection is told of comes from here. Not safe
/// from several threads.
/// </summary>
internal sealed class KnownResources
{
    private readonly Dictionary<(ResourceType Type, string Name), Resource> _known = [];

    public IEnumerable<Resource> All => _known.Values;

    public ulong VersionOf(ResourceType type, string name) => _known.GetValueOrDefault((type, name))?.Version ?? 0;

    public IEnumerable<Resource> Documents => _known.Values.Where(r => r.Name.Type == ResourceType.Document);

    /// <summary>Takes a resource in.</summary>
    /// <returns>It with its whole content; null when it is a change of something that is not known, so that it must be asked for anew.</returns>
    public Resource? Take(Resource resource)
    {
        var key = (resource.Name.Type, resource.Name.Name);
        switch (resource.ContentCase)
        {
            case Resource.ContentOneofCase.Delta:
                if (WithDelta(_known.GetValueOrDefault(key), resource) is not { } whole)
                {
                    _known.Remove(key);
                    return null;
                }

                _known[key] = whole;
                return whole;
            case Resource.ContentOneofCase.Absent:
                _known.Remove(key);
                return resource;
            default:
                _known[key] = resource;
                return resource;
        }
    }

    public Resource? Find(ResourceName name) => _known.GetValueOrDefault((name.Type, name.Name));

    /// <summary>Goes back to what was known before; to nothing with null.</summary>
    public void Restore(ResourceName name, Resource? before)
    {
        if (before is null)
        {
            _known.Remove((name.Type, name.Name));
        }
        else
        {
            _known[(name.Type, name.Name)] = before;
        }
    }

    public void Forget(ResourceType type, string name) => _known.Remove((type, name));

    private static Resource? WithDelta(Resource? before, Resource change)
    {
        var delta = change.Delta;
        if (before?.Version != delta.BaseVersion || before.Endpoints?.Known is not { } known)
        {
            return null;
        }

        var endpoints = new Dictionary<(ByteString, uint), EndpointInfo>();
        foreach (var endpoint in known.Endpoints_)
        {
            // Twice the same is for whoever takes the list in to refuse.
            endpoints[(endpoint.Ip, endpoint.Port)] = endpoint;
        }

        foreach (var removed in delta.Removed)
        {
            endpoints.Remove((removed.Ip, removed.Port));
        }

        foreach (var changed in delta.Changed)
        {
            endpoints[(changed.Ip, changed.Port)] = changed;
        }

        return new Resource
        {
            Name = change.Name,
            Version = change.Version,
            Endpoints = new EndpointList { Known = new Endpoints { Endpoints_ = { endpoints.Values } } },
        };
    }
}
