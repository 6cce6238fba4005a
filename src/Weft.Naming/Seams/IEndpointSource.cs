namespace Weft.Naming;

/// <summary>Answers which endpoints a concrete name has, from what is known now.</summary>
public interface IEndpointSource
{
    /// <summary>
    /// Called on event loops: answers at once from an immutable snapshot, never blocks, and is safe from any thread.
    /// A name asked for the first time may answer <see cref="EndpointSet.Pending"/> and start a watch.
    /// </summary>
    EndpointSet Endpoints(Path concreteName);
}
