using System.Net;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// What one proxy is given: <c>proxy.yaml</c> with one outbound listener, documents in <c>mesh/</c> (a file namer and the dtab
/// <c>default</c>), services in <c>disco/</c>. Everything can be rewritten while the proxy runs.
/// </summary>
internal sealed class TempMesh : IDisposable
{
    public const string DefaultDtab = "/host => /#/file ; /svc => /host ;";

    private readonly TempFolder _folder = new();

    public TempMesh()
    {
        Directory.CreateDirectory(_folder.In("disco"));
        Document(
            "namer.yaml",
            $$"""
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: {{_folder.In("disco")}}}
            """
        );
        Dtab(DefaultDtab);
        Config(workers: 1);
    }

    public IPEndPoint Outbound { get; } = FreePort.NextOnLoopback();

    public IPEndPoint Admin { get; } = FreePort.NextOnLoopback();

    public string ConfigFile => _folder.In("proxy.yaml");

    /// <summary>Where the documents lie.</summary>
    public string ResourcesFolder => _folder.In("mesh");

    public string DtabFile => _folder.In("mesh/dtab.yaml");

    public string DiscoFile(string service) => _folder.In($"disco/{service}");

    /// <summary>Writes the proxy's own file. <paramref name="more"/>: further listeners or keys, as they stand in the file.</summary>
    public void Config(int workers = 1, string identifier = "host", string more = "", string protocol = "http1") =>
        _folder.Write(
            "proxy.yaml",
            $"""
            admin: {Admin}
            workers: {workers}
            resources: {ResourcesFolder}
            listeners:
              - name: outbound
                kind: outbound
                address: {Outbound}
                protocol: {protocol}
                identifier: {identifier}
                dtab: default
            {more}
            """
        );

    /// <summary>Writes the proxy's own file with one inbound listener, before an application that listens at <paramref name="to"/>.</summary>
    public void Inbound(string service, IPEndPoint to) =>
        RawConfig(
            $"""
            admin: {Admin}
            workers: 1
            resources: {ResourcesFolder}
            listeners:
              - name: inbound
                kind: inbound
                address: {Outbound}
                service: {service}
                to: {to}
            """
        );

    /// <summary>Replaces the proxy's own file by exactly this.</summary>
    public void RawConfig(string text) => _folder.Write("proxy.yaml", text);

    /// <summary>Adds or replaces a file of documents.</summary>
    public void Document(string file, string text) => _folder.Write($"mesh/{file}", text);

    /// <summary>Replaces the dtab <c>default</c>.</summary>
    public void Dtab(string dentries) =>
        Document("dtab.yaml", $"kind: Dtab\nmetadata: {{name: default}}\nspec: |\n  {dentries}\n");

    /// <summary>Adds or replaces a service's endpoints in one step.</summary>
    public void Disco(string service, params IEnumerable<IPEndPoint> endpoints) =>
        _folder.Write($"disco/{service}", Lines(endpoints));

    /// <summary>Rewrites a service's file in place, as a shell or a careless script does.</summary>
    public void DiscoInPlace(string service, params IEnumerable<IPEndPoint> endpoints) =>
        _folder.WriteInPlace($"disco/{service}", Lines(endpoints));

    /// <summary>Adds or replaces a service's file by exactly this.</summary>
    public void RawDisco(string service, string text) => _folder.Write($"disco/{service}", text);

    public void RemoveDisco(string service) => File.Delete(DiscoFile(service));

    public void Dispose() => _folder.Dispose();

    private static string Lines(IEnumerable<IPEndPoint> endpoints) =>
        string.Concat(endpoints.Select(e => $"{e.Address} {e.Port}\n"));
}
