using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What a poll found to be different, and what it could not read.</summary>
/// <param name="Changed">New and changed files.</param>
/// <param name="Removed">Names of files that are gone.</param>
/// <param name="Unreadable">All that exists, cannot be read now and was never read; a folder stands for what is in it.</param>
public sealed record FileChanges(
    IReadOnlyList<WatchedFile> Changed,
    IReadOnlyList<string> Removed,
    IReadOnlyList<UnreadableFile> Unreadable
);

/// <summary>A file that two polls have seen alike.</summary>
/// <param name="Name">
/// From the watched folder, with <c>/</c> between parts; the bare file name when a single file is watched.
/// </param>
public sealed record WatchedFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>A file or folder that cannot be read.</summary>
/// <param name="Name">As in <see cref="WatchedFile"/>; empty for the watched path itself.</param>
public sealed record UnreadableFile(string Name, Problem Problem);
