using Google.Protobuf;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Proxy.Tests.Control;

/// <summary>Whatever a control plane sends, a resource that makes no sense is refused by itself, and what was known of it stays.</summary>
public sealed class HostileContentTests
{
    private const string Name = "/#/file/books";

    private static readonly Naming.Path Books = Naming.Path.Parse(Name);

    private readonly RemoteNames _names = new(TimeProvider.System, (_, _, _) => { });

    public static TheoryData<string, string> Bindings =>
        new()
        {
            { """{"binding":{}}""", "a binding that says nothing" },
            { """{"binding":{"tree":{}}}""", "a tree that says nothing" },
            { """{"binding":{"tree":{"leaf":{"id":"books"}}}}""", "'books' is no path" },
            { """{"binding":{"tree":{"union":{"members":[{"weight":1}]}}}}""", "a tree that says nothing" },
            { """{"binding":{"tree":{"union":{"members":[{"weight":-1,"tree":{"neg":true}}]}}}}""", "a weight of -1" },
            {
                """{"binding":{"tree":{"union":{"members":[{"weight":"NaN","tree":{"neg":true}}]}}}}""",
                "a weight of NaN"
            },
            {
                """{"binding":{"tree":{"union":{"members":[{"weight":1e300,"tree":{"neg":true}}]}}}}""",
                "a weight of 1E+300"
            },
            { """{"endpoints":{"neg":true}}""", "a binding cannot be Endpoints" },
            { """{"document":"kind: Dtab"}""", "a binding cannot be Document" },
            { """{}""", "a binding cannot be None" },
        };

    public static TheoryData<string, string> EndpointLists =>
        new()
        {
            { """{"endpoints":{}}""", "endpoints that say nothing" },
            { Known("""{"ip":"AQID","port":80}"""), "an endpoint with 3 bytes of address, port 80 and weight 1" },
            {
                Known("""{"ip":"AQIDBA==","port":70000}"""),
                "an endpoint with 4 bytes of address, port 70000 and weight 1"
            },
            { Known("""{"ip":"AQIDBA=="}"""), "an endpoint with 4 bytes of address, port 0 and weight 1" },
            {
                Known("""{"ip":"AQIDBA==","port":80,"weight":"Infinity"}"""),
                "an endpoint with 4 bytes of address, port 80 and weight Infinity"
            },
            {
                Known("""{"ip":"AQIDBA==","port":80},{"ip":"AQIDBA==","port":80,"weight":2}"""),
                "the endpoint 1.2.3.4:80 twice"
            },
            { """{"delta":{}}""", "endpoints cannot be Delta" },
            { """{"binding":{"tree":{"neg":true}}}""", "endpoints cannot be Binding" },
        };

    [Theory]
    [MemberData(nameof(Bindings))]
    public void a_binding_that_makes_no_sense_is_refused_and_what_was_known_stays(string content, string reason)
    {
        Take(ResourceType.Binding, """{"binding":{"tree":{"leaf":{"id":"/#/file/books","residual":"/"}}}}""");
        var known = Assert.IsType<NameState.Ok>(_names.Lookup(Books));
        Assert.Equal(reason, Take(ResourceType.Binding, content));
        Assert.Same(known, _names.Lookup(Books));
    }

    [Theory]
    [MemberData(nameof(EndpointLists))]
    public void endpoints_that_make_no_sense_are_refused_and_what_was_known_stays(string content, string reason)
    {
        Take(ResourceType.Endpoints, Known("""{"ip":"CgAAAQ==","port":80}"""));
        var known = Assert.IsType<EndpointSet.Known>(_names.Endpoints(Books));
        Assert.Equal(reason, Take(ResourceType.Endpoints, content));
        Assert.Same(known, _names.Endpoints(Books));
    }

    [Theory]
    [InlineData(ResourceType.Unspecified)]
    [InlineData((ResourceType)99)]
    public void a_type_that_is_not_known_is_refused_whatever_it_holds(ResourceType type)
    {
        var refused = Take(type, Known("""{"ip":"CgAAAQ==","port":80}"""));
        Assert.Equal($"resources of the type {type} are not known here", refused);
        Assert.IsType<EndpointSet.Pending>(_names.Endpoints(Books));
    }

    private static string Known(string endpoints) => "{\"endpoints\":{\"known\":{\"endpoints\":[" + endpoints + "]}}}";

    private string? Take(ResourceType type, string content)
    {
        var resource = JsonParser.Default.Parse<Resource>(content);
        resource.Name = new ResourceName { Type = type, Name = Name };
        return _names.Take(resource);
    }
}
