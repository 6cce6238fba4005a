namespace Weft.Cli.Demo;

/// <summary>
/// The shop's <c>served-by</c> field: who took part in an answer, as a tree of calls,
/// <c>web(books(authors-v1), authors-v2a)</c>. A call that nobody of the shop answered is missing.
/// </summary>
internal static class ServedBy
{
    public const string Field = "served-by";

    private const string BooksBegin = "books(";

    public static string Write(string name, IEnumerable<string> callees) => $"{name}({string.Join(", ", callees)})";

    /// <summary>The instances of authors that answered web and books.</summary>
    public static (string? Direct, string? ViaBooks) Authors(string? field)
    {
        if (field is null)
        {
            return (null, null);
        }

        string? viaBooks = null;
        var books = field.IndexOf(BooksBegin, StringComparison.Ordinal);
        if (books >= 0)
        {
            var end = field.IndexOf(')', books);
            if (end < 0)
            {
                return (null, null);
            }

            viaBooks = FindAuthors(field[(books + BooksBegin.Length)..end]);
            field = field.Remove(books, end + 1 - books);
        }

        return (FindAuthors(field), viaBooks);
    }

    private static string? FindAuthors(string text)
    {
        var begin = text.IndexOf("authors", StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        var end = text.AsSpan(begin).IndexOfAny(",) ");
        return end < 0 ? text[begin..] : text.Substring(begin, end);
    }
}
