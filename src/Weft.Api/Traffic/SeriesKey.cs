using Weft.Api.Mesh;

namespace Weft.Api.Traffic;

/// <summary>What is counted. A class, because tables of structs would be compiled anew in every proxy.</summary>
/// <param name="Kind">Requests or attempts, and which way they go.</param>
/// <param name="Service">The logical name, as metrics write it.</param>
/// <param name="Part">The route of requests, the client of attempts.</param>
public sealed record SeriesKey(SeriesKind Kind, string Service, string Part);
