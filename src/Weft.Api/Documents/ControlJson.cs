using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Api.Documents;

/// <summary>The JSON of the documents' API, as both sides write and read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ApplyRequest))]
[JsonSerializable(typeof(ApplyResult))]
[JsonSerializable(typeof(ControlStatus))]
[JsonSerializable(typeof(DocumentInfo))]
[JsonSerializable(typeof(DocumentList))]
[JsonSerializable(typeof(ErrorInfo))]
[JsonSerializable(typeof(NamespaceList))]
[JsonSerializable(typeof(PreviewResult))]
[JsonSerializable(typeof(ProxyList))]
[JsonSerializable(typeof(TrafficInfo))]
[JsonSerializable(typeof(ValidationResult))]
[JsonSerializable(typeof(WatchEvent))]
public sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>With <c>=&gt;</c> and <c>&amp;</c> as they are: no text to be put into HTML.</summary>
    public static ControlJson Plain => Holder.Plain;

    /// <summary>Apart from the generated half of this class, whose own fields may be set later than these.</summary>
    private static class Holder
    {
        public static readonly ControlJson Plain = new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
    }
}
