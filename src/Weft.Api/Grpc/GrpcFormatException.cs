namespace Weft.Api.Grpc;

/// <summary>What came is not gRPC, or more than is taken.</summary>
public sealed class GrpcFormatException(string message) : Exception(message);
