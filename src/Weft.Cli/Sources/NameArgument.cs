using System.CommandLine;
using Weft.Cli.Output;
using Weft.Naming;

namespace Weft.Cli.Sources;

/// <summary>The argument PATH: a name such as <c>/svc/books</c>.</summary>
internal static class NameArgument
{
    public static Argument<string> Create() => new("PATH") { Description = "The name, such as /svc/books" };

    public static Naming.Path Parse(string text) =>
        Naming.Path.TryParse(text, out var path, out var error) ? path : throw SyntaxReport.Exception("PATH", error);
}
