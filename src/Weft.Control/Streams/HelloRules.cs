using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>What a proxy may say of itself, and which names it may ask for: what is kept of it is bounded, and can be shown to people.</summary>
internal static class HelloRules
{
    /// <summary>The version of the protocol.</summary>
    public const uint Protocol = 1;

    private const int MaxWord = 256;

    /// <summary>Characters of a name; a proxy asks for none that is longer.</summary>
    private const int MaxName = 16 * 1024;

    /// <summary>Looks at what a proxy says of itself.</summary>
    /// <exception cref="StreamRefusedException">No proxy says that.</exception>
    public static void Check(Hello hello)
    {
        if (hello.Protocol != Protocol)
        {
            throw new StreamRefusedException(
                GrpcStatus.FailedPrecondition,
                $"protocol {hello.Protocol} is not spoken here, only {Protocol}"
            );
        }

        CheckWord("a proxy's id", hello.ProxyId);
        CheckWord("a program's version", hello.ProgramVersion);
    }

    /// <summary>Looks at the names that a message asks for.</summary>
    /// <exception cref="StreamRefusedException">One is longer than any that a proxy asks for.</exception>
    public static void CheckNames(ProxyMessage message)
    {
        foreach (var subscription in message.Subscribe)
        {
            if (subscription.Name?.Name.Length > MaxName)
            {
                throw new StreamRefusedException(
                    GrpcStatus.InvalidArgument,
                    $"a name has more than {MaxName} characters"
                );
            }
        }
    }

    private static void CheckWord(string what, string word)
    {
        if (word.Length > MaxWord || word.Any(char.IsControl))
        {
            throw new StreamRefusedException(
                GrpcStatus.InvalidArgument,
                $"{what} has more than {MaxWord} characters, or some that cannot be shown"
            );
        }
    }
}
