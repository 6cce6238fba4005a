using System.CommandLine;
using System.CommandLine.Parsing;

namespace Weft.Cli.Output;

/// <summary>For whom an answer is written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For machines.</summary>
    Json,

    /// <summary>The same as JSON.</summary>
    Yaml,
}

/// <summary>The option <c>-o</c>.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Create() =>
        new("--output", "-o")
        {
            Description = "text (if not said), json or yaml",
            HelpName = "FORMAT",
            CustomParser = Parse,
        };

    private static OutputFormat Parse(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "text":
                return OutputFormat.Text;
            case "json":
                return OutputFormat.Json;
            case "yaml":
                return OutputFormat.Yaml;
            case var other:
                result.AddError($"'{other}' is no format of output: write text, json or yaml");
                return default;
        }
    }
}
