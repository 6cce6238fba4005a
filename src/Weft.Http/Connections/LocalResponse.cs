namespace Weft.Http;

/// <summary>A response that is made here.</summary>
/// <param name="Status">200 to 599.</param>
/// <param name="Fields">With Content-Type, without Content-Length and Connection.</param>
/// <param name="Body">The whole body.</param>
public readonly record struct LocalResponse(int Status, FieldBlock Fields, ReadOnlyMemory<byte> Body);
