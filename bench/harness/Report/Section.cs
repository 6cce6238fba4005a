using Weft.Bench.Harness.Measurements;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Report;

/// <summary>What was measured with one kind of traffic.</summary>
/// <param name="Proxies">Those that took part, with their versions.</param>
internal sealed record Section(Suite Suite, Results Results, IReadOnlyList<(ProxyKind Kind, string Version)> Proxies);
