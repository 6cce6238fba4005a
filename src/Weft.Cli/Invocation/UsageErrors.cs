using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Resources.Yaml;

namespace Weft.Cli.Invocation;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult result, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var name = FullName(result.CommandResult);
        foreach (var message in Messages(result, command).Distinct(StringComparer.Ordinal))
        {
            error.WriteLine($"{name}: {message}");
        }

        error.WriteLine($"'{name} --help' shows how it is used");
        return ExitCodes.Invalid;
    }

    private static IEnumerable<string> Messages(ParseResult result, Command command)
    {
        // The first unknown word is the cause; what else is wrong then is often only a consequence.
        if (result.UnmatchedTokens.Count > 0)
        {
            return [Unknown(result.UnmatchedTokens[0], command, result.CommandResult)];
        }

        if (command.Subcommands.Count > 0)
        {
            var verbs = string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
            return [$"a verb is missing: one of {verbs}"];
        }

        var missing = command.Arguments.Where(a =>
            a.Arity.MinimumNumberOfValues > 0 && result.GetResult(a) is not { Tokens.Count: > 0 }
        );
        return missing.FirstOrDefault() is { } argument
            ? [$"{argument.Name} is missing: {Decapitalized(argument.Description ?? "")}"]
            : result.Errors.Select(e => Decapitalized(e.Message.TrimEnd('.')));
    }

    private static string Unknown(string token, Command command, CommandResult result)
    {
        if (token.StartsWith('-') && token.Length > 1)
        {
            var option = token.Split('=', ':')[0];
            return $"there is no option '{option}'{Hint(option, OptionNames(result))}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no verb '{token}'{Hint(token, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}"
            : $"'{token}' is one argument too many";
    }

    private static string Hint(string word, IEnumerable<string> known) =>
        NearestKey.Find(word, known) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    private static IEnumerable<string> OptionNames(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            foreach (var option in command.Command.Options.Where(o => !o.Hidden && (at == result || o.Recursive)))
            {
                yield return option.Name;
            }
        }
    }

    private static string FullName(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{FullName(parent)} {result.Command.Name}" : "weft";

    /// <summary>Errors do not begin with a capital, unless it is a word of capitals.</summary>
    private static string Decapitalized(string text) =>
        text.Length > 1 && char.IsUpper(text[0]) && char.IsLower(text[1])
            ? $"{char.ToLowerInvariant(text[0])}{text.AsSpan(1)}"
            : text;
}
