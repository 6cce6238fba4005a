using Weft.Naming;

namespace Weft.Proxy;

/// <summary>What the configuration is and what became of changes to it, for people who ask.</summary>
/// <param name="LoadedAt">When the present world came into force.</param>
/// <param name="Problems">What is wrong at present with files that are watched; empty when all is well.</param>
/// <param name="Rejections">The latest changes that were refused, the latest first.</param>
/// <param name="StaleSince">Since when a source cannot be read or says nonsense; null when all is well.</param>
internal sealed record ConfigStatus(
    DateTimeOffset LoadedAt,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<ConfigRejection> Rejections,
    DateTimeOffset? StaleSince
);

/// <summary>A change that was refused.</summary>
internal sealed record ConfigRejection(DateTimeOffset Time, IReadOnlyList<Problem> Problems);
