using System.Globalization;
using System.Text;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>Which requests are gRPC calls, and the answers to them that a proxy makes itself.</summary>
internal static class GrpcMessages
{
    /// <summary>The content type says so: <c>application/grpc</c>, also with a suffix such as <c>+proto</c>, but not <c>grpc-web</c>.</summary>
    public static bool IsCall(RequestHead request) =>
        request.TryGet(KnownHeader.ContentType, out var type)
        && type.StartsWith("application/grpc"u8)
        && (type.Length == 16 || type[16] is (byte)'+' or (byte)';' or (byte)' ');

    /// <summary>The status that a head or trailers carry; null when they carry none.</summary>
    public static GrpcStatus? StatusOf(FieldSection? section) =>
        section is not null && section.TryGet(KnownHeader.GrpcStatus, out var value) ? GrpcStatuses.Parse(value) : null;

    /// <summary>The status that an answer made here carries; null when it carries none.</summary>
    public static GrpcStatus? StatusOf(FieldBlock fields)
    {
        foreach (var (name, value) in fields.Fields)
        {
            if (name == "grpc-status")
            {
                return GrpcStatuses.Parse(Encoding.ASCII.GetBytes(value));
            }
        }

        return null;
    }

    /// <summary>A trailers-only answer: everything is said in its one head, which comes with status 200.</summary>
    public static FieldBlock Answer(ProxyError error, params ReadOnlySpan<(string Name, string Value)> more) =>
        new([("content-type", "application/grpc"), .. FieldsOf(error), .. more]);

    /// <summary>The end of an answer whose head and messages have come from an endpoint.</summary>
    public static TrailerFields End(ProxyError error) => TrailerFields.Of(new FieldBlock(FieldsOf(error)));

    private static (string Name, string Value)[] FieldsOf(ProxyError error) =>
        [
            ("grpc-status", ((int)GrpcStatuses.Of(error.Reason)).ToString(CultureInfo.InvariantCulture)),
            ("grpc-message", PercentEncoded($"{error.Reason.Text()}: {error.Message}")),
            ("weft-error", error.Reason.Text()),
        ];

    /// <summary>Printable ASCII without the percent sign passes; every other byte of the text's UTF-8 is written as %XX.</summary>
    internal static string PercentEncoded(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}
