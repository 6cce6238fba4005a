using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Control;

/// <summary>One binding or endpoint set that somebody has asked for: what was said of it last. Used under the board's lock.</summary>
internal sealed class ResourceWatch(ResourceKey key, Naming.Path path)
{
    private object? _seen;

    public ResourceKey Key => key;

    /// <summary>What subscribers are told; null while nothing is known.</summary>
    public EncodedResource? Current { get; private set; }

    /// <summary>Whether somebody here answers for the name, be it that it does not exist.</summary>
    public bool IsVouched { get; private set; }

    /// <summary>Those who have asked for it.</summary>
    public HashSet<ProxyConnection> Subscribers { get; } = [];

    /// <summary>Looks at the source.</summary>
    /// <returns>How the news, if there are any, are to be told.</returns>
    public News Look(NameSources sources)
    {
        IsVouched = sources.Vouches(path);
        object state =
            key.Type == ResourceType.Binding ? sources.Namer.Lookup(path) : sources.Endpoints.Endpoints(path);
        if (Equals(state, _seen))
        {
            return News.None; // Sources answer with the same endpoints, or an equal name, until something changes.
        }

        var content = state is NameState name ? WireNames.Of(name) : WireNames.Of((EndpointSet)state);
        var (before, seen) = (Current, _seen);
        // Whoever knows something keeps it while the source knows nothing: silence is no answer.
        if (content is null || (before is not null && IsFailure(state)))
        {
            return News.None;
        }

        var next = EncodedResource.Of(key, content);
        _seen = state;
        if (next.Version == before?.Version)
        {
            return News.None;
        }

        if (before is not null && seen is EndpointSet.Known old && state is EndpointSet.Known now)
        {
            var delta = WireNames.DeltaOf(old, now);
            Current = next.WithDelta(before.Version, delta);
            return delta.Removed.Count > 0 ? News.Urgent : News.CanWait;
        }

        Current = next;
        // The first answer is waited for; an end is a removal.
        return before is null || state is EndpointSet.Neg ? News.Urgent : News.CanWait;
    }

    private static bool IsFailure(object state) => state is NameState.Failed or EndpointSet.Failed;
}

/// <summary>How soon something is to be told.</summary>
internal enum News
{
    None,

    /// <summary>Together with what else changes in the next moments.</summary>
    CanWait,

    /// <summary>At once: somebody waits, or sends requests to what is gone.</summary>
    Urgent,
}
