using Weft.Naming;

namespace Weft.Discovery.Tests.Files;

public sealed class ExampleTests
{
    [Fact]
    public async Task The_services_of_the_example_of_two_versions_are_found()
    {
        var time = new VirtualTime();
        await using var resolver = new HostResolver(new FakeDns().Ask, time, new Random(1));
        await using var namer = new FileNamer(Disco(), FileNamer.DefaultPrefix, time, resolver);
        namer.Start();
        Assert.Empty(namer.Problems);
        var v1 = namer.Endpoints(Naming.Path.Parse("/#/file/web-v1"));
        Assert.Equal(2, Assert.IsType<EndpointSet.Known>(v1).Endpoints.Length);
        var v2 = namer.Endpoints(Naming.Path.Parse("/#/file/web-v2"));
        Assert.Single(Assert.IsType<EndpointSet.Known>(v2).Endpoints);
    }

    private static string Disco()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Weft.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        }
        return System.IO.Path.Combine(folder.FullName, "examples", "two-versions", "disco");
    }
}
