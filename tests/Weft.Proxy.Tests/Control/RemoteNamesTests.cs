using System.Net;
using Google.Protobuf;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Proxy.Tests.Control;

public sealed class RemoteNamesTests
{
    private static readonly Naming.Path Books = Naming.Path.Parse("/#/file/books");

    private readonly List<string> _wishes = [];
    private readonly VirtualTime _time = new();
    private readonly RemoteNames _names;

    public RemoteNamesTests() =>
        _names = new RemoteNames(
            _time,
            (type, name, isWanted) => _wishes.Add($"{(isWanted ? "+" : "-")}{type} {name}")
        );

    private static Resource Named(ResourceType type, string name, Resource content)
    {
        content.Name = new ResourceName { Type = type, Name = name };
        content.Version = 1;
        return content;
    }

    private static Resource Endpoints(params EndpointInfo[] infos) =>
        Named(
            ResourceType.Endpoints,
            "/#/file/books",
            new Resource { Endpoints = new EndpointList { Known = new Endpoints { Endpoints_ = { infos } } } }
        );

    private static Resource Bound(string id) =>
        Named(
            ResourceType.Binding,
            "/#/file/books",
            new Resource
            {
                Binding = new Weft.Api.Mesh.Binding
                {
                    Tree = new Tree
                    {
                        Leaf = new Leaf { Id = id, Residual = "/x" },
                    },
                },
            }
        );

    [Fact]
    public void a_name_is_watched_when_it_is_asked_for_first_and_pending_until_it_is_answered()
    {
        Assert.IsType<NameState.Pending>(_names.Lookup(Books));
        Assert.IsType<NameState.Pending>(_names.Lookup(Books));
        Assert.IsType<EndpointSet.Pending>(_names.Endpoints(Books));
        Assert.Equal(["+Binding /#/file/books", "+Endpoints /#/file/books"], _wishes);

        Assert.Null(_names.Take(Bound("/#/file/books")));
        Assert.Equal(NameState.Bound(Books, Naming.Path.Parse("/x")), _names.Lookup(Books));
        var info = new EndpointInfo
        {
            Ip = ByteString.CopyFrom(10, 0, 0, 1),
            Port = 80,
            Weight = 0.5,
        };
        info.Metadata["zone"] = "a";
        Assert.Null(_names.Take(Endpoints(info)));
        var endpoint = Assert.Single(Assert.IsType<EndpointSet.Known>(_names.Endpoints(Books)).Endpoints);
        Assert.Equal(
            (new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80), 0.5, "a"),
            (endpoint.Address, endpoint.Weight, endpoint.Metadata["zone"])
        );
    }

    [Fact]
    public void names_that_no_namer_makes_are_not_asked_for()
    {
        Assert.Equal(NameState.Neg, _names.Lookup(Naming.Path.Parse("/$/inet/127.0.0.1/80")));
        Assert.IsType<EndpointSet.Neg>(_names.Endpoints(Naming.Path.Parse("/$/inet/127.0.0.1/80")));
        Assert.Equal(NameState.Neg, _names.Lookup(Naming.Path.Parse("/#")));
        Assert.Empty(_wishes);
    }

    [Fact]
    public void the_four_kinds_of_absence_stay_apart()
    {
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/a", Binding(new Tree { Neg = true }))));
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/b", Binding(new Tree { Fail = true }))));
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/c", Binding(new Tree { Empty = true }))));
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/d", new Resource { Refused = "no" })));
        Assert.Equal(NameState.Neg, _names.Lookup(Naming.Path.Parse("/#/a")));
        Assert.Equal(NameState.Fail, _names.Lookup(Naming.Path.Parse("/#/b")));
        Assert.Equal(NameState.Empty, _names.Lookup(Naming.Path.Parse("/#/c")));
        Assert.Equal(new NameState.Failed("no"), _names.Lookup(Naming.Path.Parse("/#/d")));
        Assert.IsType<NameState.Pending>(_names.Lookup(Naming.Path.Parse("/#/e")));

        static Resource Binding(Tree tree) => new() { Binding = new Weft.Api.Mesh.Binding { Tree = tree } };
    }

    [Fact]
    public void a_source_that_is_down_takes_nothing_away()
    {
        _names.Take(Bound("/#/file/books"));
        _names.Take(Endpoints());
        var down = new Weft.Api.Mesh.Binding { Failed = "no answer" };
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/file/books", new Resource { Binding = down })));
        Assert.Null(
            _names.Take(
                Named(
                    ResourceType.Endpoints,
                    "/#/file/books",
                    new Resource { Endpoints = new EndpointList { Failed = "x" } }
                )
            )
        );
        Assert.IsType<NameState.Ok>(_names.Lookup(Books));
        Assert.IsType<EndpointSet.Known>(_names.Endpoints(Books));
        Assert.Null(_names.Take(Named(ResourceType.Binding, "/#/file/web", new Resource { Binding = down })));
        Assert.Equal(new NameState.Failed("no answer"), _names.Lookup(Naming.Path.Parse("/#/file/web")));
    }

    [Fact]
    public void names_that_nobody_asks_for_are_let_go()
    {
        _names.Lookup(Books);
        _names.Endpoints(Books);
        _time.Advance(RemoteNames.Idle / 2);
        _names.Endpoints(Books);
        _time.Advance((RemoteNames.Idle / 2) + TimeSpan.FromSeconds(1));
        _names.Sweep();
        Assert.Equal("-Binding /#/file/books", _wishes[^1]);
        Assert.Equal(3, _wishes.Count);
    }

    [Fact]
    public void a_name_that_is_too_long_fails_and_is_not_asked_for()
    {
        var name = Naming.Path.Of("#", "x", new string('x', RemoteNames.MaxLength));
        Assert.Equal(new NameState.Failed("a name has more than 4096 bytes"), _names.Lookup(name));
        Assert.IsType<EndpointSet.Failed>(_names.Endpoints(name));
        Assert.Empty(_wishes);
    }

    [Fact]
    public void names_beyond_the_bound_fail()
    {
        for (var i = 0; i < RemoteNames.MaxNames / 2; i++)
        {
            _names.Lookup(Naming.Path.Of("#", "x", $"{i}"));
        }

        Assert.IsType<NameState.Failed>(_names.Lookup(Books));
        Assert.IsType<NameState.Pending>(_names.Lookup(Naming.Path.Of("#", "x", "7")));
        Assert.IsType<EndpointSet.Pending>(_names.Endpoints(Books));
    }
}
