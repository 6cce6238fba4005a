using Weft.Naming;

namespace Weft.Discovery.Tests;

/// <summary>Answers as short texts, so that a test reads as a table.</summary>
internal static class Show
{
    public static string Of(EndpointSet set) =>
        set switch
        {
            EndpointSet.Known { Endpoints.IsEmpty: true } => "$",
            EndpointSet.Known known => string.Join(" ", known.Endpoints.Select(Of)),
            EndpointSet.Failed failed => "failed: " + failed.Message,
            EndpointSet.Neg => "~",
            _ => "pending",
        };

    public static string Of(NameState state) =>
        state switch
        {
            NameState.Ok { Tree: NameTree<BoundName>.Leaf leaf } => leaf.Value.ToString(),
            NameState.Ok { Tree: NameTree<BoundName>.Neg } => "~",
            NameState.Failed failed => "failed: " + failed.Message,
            NameState.Pending => "pending",
            _ => state.ToString(),
        };

    public static string Name(this INamer namer, string path) => Of(namer.Lookup(Naming.Path.Parse(path)));

    public static string Ends(this IEndpointSource source, string path) =>
        Of(source.Endpoints(Naming.Path.Parse(path)));

    private static string Of(Endpoint endpoint) =>
        endpoint.Weight is 1 ? $"{endpoint.Address}" : $"{endpoint.Address}*{endpoint.Weight}";
}
