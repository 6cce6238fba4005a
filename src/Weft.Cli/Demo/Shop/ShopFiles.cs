using System.Net;
using System.Text;
using IoPath = System.IO.Path;

namespace Weft.Cli.Demo;

/// <summary>
/// The files of the shop's mesh: <c>mesh/</c> has the documents that all proxies share, <c>disco/</c> a file for every concrete name with
/// the addresses of its endpoints, <c>proxies/</c> every proxy's own file.
/// </summary>
internal sealed class ShopFiles(string folder)
{
    /// <summary>The table when the shop opens.</summary>
    public const string AllToVersion1 = $"/#/file/{Judge.Version1}";

    /// <summary>The first shift.</summary>
    public const string TenthToVersion2 = $"0.9 * /#/file/{Judge.Version1} & 0.1 * /#/file/{Judge.Version2}";

    /// <summary>The second shift.</summary>
    public const string AllToVersion2 = $"/#/file/{Judge.Version2}";

    public string Folder => folder;

    public string VisitorsFile => In("proxies", "visitors.yaml");

    public string FileOf(Machine machine) => In("proxies", $"{machine.Name}.yaml");

    /// <summary>The document that says where calls to authors go.</summary>
    public string DtabFile => In("mesh", "dtab.yaml");

    /// <summary>The document that says how authors is called.</summary>
    public string ServiceFile => In("mesh", "authors.yaml");

    public void Write(ShopPlan plan)
    {
        Write(
            In("mesh", "namer.yaml"),
            """
            # Makes /#/file/NAME out of the file disco/NAME.
            apiVersion: weft.dev/v1
            kind: Namer
            metadata: {name: file}
            spec: {kind: file, root: ../disco}

            """
        );
        Route(AllToVersion1);
        WriteService(retries: "");
        foreach (var instances in plan.Machines.GroupBy(machine => machine.Concrete))
        {
            var lines = instances.Select(machine => $"{machine.Inbound.Address} {machine.Inbound.Port}\n");
            Write(In("disco", instances.Key), string.Concat(lines));
        }

        foreach (var machine in plan.Machines)
        {
            var inbound = $"""
                  - name: inbound
                    kind: inbound
                    address: {machine.Inbound}
                    service: {machine.Concrete}
                    to: {machine.Application}

                """;
            Write(FileOf(machine), Proxy(machine.Admin, machine.Outbound) + inbound);
        }

        Write(VisitorsFile, Proxy(plan.VisitorsAdmin, plan.Visitors));
    }

    /// <summary>Leads calls to authors elsewhere: one changed document, replaced in one step.</summary>
    public void Route(string authors) =>
        Write(
            DtabFile,
            $"""
            # Where names lead. Change the last line and save: every proxy follows within a second.
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {"{name: default}"}
            spec: |
              /host => /#/file ;
              /svc  => /host ;
              /svc/authors => {authors} ;

            """
        );

    /// <summary>Has calls to authors that failed tried again: one changed document, replaced in one step.</summary>
    public void TryAgain() =>
        // Version 1 asks for a third more attempts than there are requests; eight of them fail together once in 260 000 times.
        WriteService(
            """
              retries:
                on: [connect-failure, refused-stream, reset, 5xx]
                limit: 8
                budget: {ratio: 50%, window: 10s, minPerSecond: 10}
                backoff: {base: 5ms, max: 50ms, jitter: full}

            """
        );

    private void WriteService(string retries) =>
        Write(
            ServiceFile,
            $$"""
            # How authors is called. An endpoint that fails five times in a row, or takes no connections, is left out for a while.
            apiVersion: weft.dev/v1
            kind: Service
            metadata: {name: authors}
            spec:
              breaker: {consecutiveFailures: 5, backoff: {base: 5s, max: 300s, jitter: equal}, maxEjected: 50%}
            {{retries}}
            """
        );

    private static string Proxy(IPEndPoint admin, IPEndPoint outbound) =>
        $"""
            admin: {admin}
            workers: 1
            resources: ../mesh
            log: {"{level: warn}"}
            listeners:
              - name: outbound
                kind: outbound
                address: {outbound}

            """;

    private string In(params ReadOnlySpan<string> names) => IoPath.Combine([folder, .. names]);

    /// <summary>Written beside and renamed: nobody reads half of it.</summary>
    private static void Write(string file, string text)
    {
        var parent = IoPath.GetDirectoryName(file)!;
        Directory.CreateDirectory(parent);
        // A leading full stop: neither a document nor a service.
        var beside = IoPath.Combine(parent, $".{IoPath.GetFileName(file)}.new");
        File.WriteAllText(beside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(beside, file, overwrite: true);
    }
}
