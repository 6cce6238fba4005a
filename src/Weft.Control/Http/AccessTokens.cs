using System.Security.Cryptography;
using System.Text;

namespace Weft.Control;

/// <summary>The tokens that open the API, each perhaps with the name of its owner.</summary>
internal sealed class AccessTokens
{
    /// <summary>Characters of a token at least: what is shorter can be guessed.</summary>
    public const int MinLength = 16;

    private readonly List<(string? Name, byte[] Sum)> _tokens = [];

    /// <summary>Reads a file of tokens, one a line, with comments after <c>#</c>.</summary>
    /// <exception cref="StoreException">It cannot be read, or holds none.</exception>
    public static AccessTokens Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllLines(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{file}: the tokens cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }

    internal static AccessTokens Parse(string file, IReadOnlyList<string> lines)
    {
        var tokens = new AccessTokens();
        for (var i = 0; i < lines.Count; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length > 2 || words[^1].Length < MinLength)
            {
                throw new StoreException(
                    $"{file}:{i + 1}: write TOKEN or NAME TOKEN, with at least {MinLength} characters for the token"
                );
            }

            tokens._tokens.Add((words.Length == 2 ? words[0] : null, Sum(words[^1])));
        }

        return tokens._tokens.Count > 0 ? tokens : throw new StoreException($"{file}: there is no token in it");
    }

    /// <summary>Whether a header opens the API, and for whom. Takes as long for a wrong token as for a right one.</summary>
    public bool Accepts(string? authorization, out string? name)
    {
        const string scheme = "Bearer ";
        name = null;
        if (authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return false;
        }

        var given = Sum(authorization[scheme.Length..].Trim());
        var found = false;
        foreach (var (owner, sum) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(sum, given))
            {
                (found, name) = (true, owner);
            }
        }

        return found;
    }

    private static byte[] Sum(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
