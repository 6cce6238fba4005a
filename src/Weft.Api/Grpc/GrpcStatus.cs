using System.Globalization;
using System.Text;

namespace Weft.Api.Grpc;

/// <summary>The statuses of gRPC that are used here (their numbers are gRPC's), and how a message is written in a header.</summary>
public static class GrpcStatus
{
    public const int Ok = 0;
    public const int InvalidArgument = 3;
    public const int ResourceExhausted = 8;
    public const int FailedPrecondition = 9;
    public const int Internal = 13;
    public const int Unavailable = 14;

    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";

    /// <summary>Percent-encoded, as a header must be: bytes of UTF-8 other than visible ASCII, and <c>%</c>.</summary>
    public static string Encode(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(message))
        {
            if (one is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                text.Append((char)one);
            }
            else
            {
                text.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    public static string Decode(string header) => Uri.UnescapeDataString(header);
}
