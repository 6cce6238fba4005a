using System.Net;
using Weft.Cli.Demo;
using Weft.Naming;
using Weft.Resources;
using IoPath = System.IO.Path;

namespace Weft.Cli.Tests.Demo;

public sealed class ShopFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-shop-").FullName;
    private readonly ShopPlan _plan = ShopPlan.Create(new Random(3));
    private readonly ShopFiles _files;

    public ShopFilesTests()
    {
        _files = new ShopFiles(_folder);
        _files.Write(_plan);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_address_of_the_shop_is_its_own_and_on_loopback()
    {
        var all = _plan
            .Machines.SelectMany(m => (IPEndPoint[])[m.Application, m.Inbound, m.Outbound, m.Admin])
            .Append(_plan.Visitors)
            .Append(_plan.VisitorsAdmin)
            .ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, address => Assert.Equal(IPAddress.Loopback, address.Address));
    }

    [Theory]
    [InlineData(ShopFiles.AllToVersion1)]
    [InlineData(ShopFiles.TenthToVersion2)]
    [InlineData(ShopFiles.AllToVersion2)]
    public void Every_file_is_one_that_a_proxy_takes(string authors)
    {
        _files.Route(authors);
        _files.TryAgain();
        foreach (var file in _plan.Machines.Select(_files.FileOf).Append(_files.VisitorsFile))
        {
            var (config, problems) = ProxyConfig.Parse(File.ReadAllText(file), file);
            Assert.Empty(problems);
            Assert.NotNull(config);
            var parse = ResourceSet.Parse(ResourceFolder.Read(config.Resources!).Texts, config);
            Assert.Empty(parse.Problems);
            Assert.Empty(parse.Warnings);
        }
    }

    [Fact]
    public void The_table_leads_to_authors_as_told_and_to_the_others_by_name()
    {
        _files.Route(ShopFiles.TenthToVersion2);
        Assert.Equal("0.9 * /#/file/authors-v1 & 0.1 * /#/file/authors-v2 | /host/authors", Lookup("/svc/authors"));
        Assert.Equal("/host/books", Lookup("/svc/books"));
    }

    [Fact]
    public void Every_instance_is_found_at_its_proxy_and_not_at_its_application()
    {
        var found = File.ReadAllLines(IoPath.Combine(_folder, "disco", "authors-v2"));
        var inbound = _plan.Machines.Where(m => m.Concrete == "authors-v2").Select(m => $"127.0.0.1 {m.Inbound.Port}");
        Assert.Equal(inbound, found);
    }

    [Fact]
    public void Authors_is_tried_again_once_told_so_and_never_before()
    {
        Assert.Null(Service("/svc/authors").Retries);
        _files.TryAgain();
        Assert.Equal((8, 0.5), (Service("/svc/authors").Retries!.Limit, Service("/svc/authors").Retries!.Budget.Ratio));
        Assert.NotNull(Service("/svc/authors").Breaker);
        Assert.Null(Service("/svc/books").Retries);
    }

    [Fact]
    public void A_change_leaves_nothing_beside_the_documents()
    {
        _files.Route(ShopFiles.AllToVersion2);
        Assert.Equal(
            ["authors.yaml", "dtab.yaml", "namer.yaml"],
            Directory.GetFiles(IoPath.Combine(_folder, "mesh")).Select(f => IoPath.GetFileName(f)).Order()
        );
    }

    private string Lookup(string path) =>
        Documents().FindDtab("default")!.Dtab.Lookup(Naming.Path.Parse(path)).ToString();

    private ServiceSpec Service(string path) => Documents().SpecOf(Naming.Path.Parse(path));

    private ResourceSet Documents() =>
        ResourceSet.Parse(ResourceFolder.Read(IoPath.Combine(_folder, "mesh")).Texts, null).Set;
}
