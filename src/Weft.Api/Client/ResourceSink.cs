using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>
/// Takes in what comes from a control plane, or from the snapshot of an earlier run. Called by one task, one batch after the other. What cannot be
/// used is given back with a reason; of it, what was before stays in force.
/// </summary>
/// <remarks>No interface: a type that implemented one of this assembly could not be compiled ahead in the proxy's composite (docs/adr/0007).</remarks>
public delegate IReadOnlyList<Refusal> ResourceSink(ResourceBatch batch);

/// <summary>Resources that come into force together.</summary>
/// <param name="Changes">Whole contents, never deltas; those that do not exist any more are absent.</param>
/// <param name="FromSnapshot">When the snapshot was saved that they come from; null when they come from a control plane.</param>
public sealed record ResourceBatch(IReadOnlyList<Resource> Changes, DateTimeOffset? FromSnapshot = null);

/// <summary>How a stream fares.</summary>
/// <param name="IsConnected">Whether a control plane has answered on the present connection.</param>
/// <param name="Since">When that began.</param>
/// <param name="HeardAt">When everything that is known was last known to be right; null when it never was.</param>
/// <param name="Error">Why there is no connection; null when there is one, or none was tried.</param>
public sealed record StreamStatus(bool IsConnected, DateTimeOffset Since, DateTimeOffset? HeardAt, string? Error);
