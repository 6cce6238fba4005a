using Weft.Http;

namespace Weft.Proxy;

/// <summary>Decides, before a byte of it is delivered, whether a response is to be replaced by that of another attempt.</summary>
internal interface IResponseJudge
{
    /// <summary>True when another attempt is wanted, allowed and paid for.</summary>
    /// <param name="response">The final head.</param>
    /// <param name="grpc">The status that it carries of a gRPC call; null when it carries none.</param>
    bool IsUnwanted(ResponseHead response, GrpcStatus? grpc);
}
