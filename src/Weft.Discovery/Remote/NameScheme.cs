using Weft.Naming;

namespace Weft.Discovery;

/// <summary>How the names of a backend are made: which keys a path asks for, and which endpoints a name has in what is known.</summary>
internal abstract class NameScheme<T>
    where T : class
{
    /// <summary>Lists the names that a path may begin with, the longest first.</summary>
    /// <param name="labels">The path without the prefix.</param>
    /// <param name="candidates">To be filled; left empty when the path can be none of this backend's.</param>
    /// <returns>Why the path makes no sense; null when it does.</returns>
    public abstract string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates);

    /// <summary>The endpoints of a name: neg, or known; the same object for as long as they are the same.</summary>
    public abstract EndpointSet Select(T known, NameCandidate name);
}

/// <summary>A name that a path may begin with.</summary>
/// <param name="Length">How many labels it has after the prefix.</param>
/// <param name="Key">The watch that knows of it.</param>
/// <param name="Part">What of that watch is meant.</param>
internal readonly record struct NameCandidate(int Length, string Key, string Part = "");
