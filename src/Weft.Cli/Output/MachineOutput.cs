using System.Text;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>Writes an answer for machines: written once as JSON, and turned into YAML when that is asked for.</summary>
internal static class MachineOutput
{
    public static void Write(TextWriter output, OutputFormat format, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, DelegationJson.WriterOptions))
        {
            write(writer);
        }

        var json = stream.GetBuffer().AsMemory(0, (int)stream.Length);
        if (format is OutputFormat.Yaml)
        {
            var options = new JsonDocumentOptions { MaxDepth = DelegationJson.WriterOptions.MaxDepth };
            using var document = JsonDocument.Parse(json, options);
            YamlText.Write(output, document.RootElement);
            return;
        }

        output.WriteLine(Encoding.UTF8.GetString(json.Span));
    }
}
