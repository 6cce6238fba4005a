using System.Buffers;

namespace Weft.Naming;

/// <summary>The charsets of hosts in labels.</summary>
internal static class HostText
{
    private static readonly SearchValues<char> s_name = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-"
    );

    private static readonly SearchValues<char> s_nameOrPort = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-:"
    );

    /// <summary>A host without a port.</summary>
    internal static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(s_name);

    /// <summary>A host as a request's Host header has it.</summary>
    internal static bool IsAuthority(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(s_nameOrPort);
}
