using Weft.Api.Client;
using Weft.Api.Mesh;

namespace Weft.Api.Tests.Client;

public sealed class KnownResourcesTests
{
    private readonly KnownResources _known = new();

    [Fact]
    public void a_change_is_worked_into_what_is_known()
    {
        _known.Take(Wire.Endpoints(1, 1, 2, 3));
        Assert.Equal([2, 3, 4], Wire.Last(_known.Take(Wire.Delta(1, 2, changed: [4], removed: [1]))));
        Assert.Equal(2UL, _known.VersionOf(ResourceType.Endpoints, "/#/x"));
        Assert.Equal([2, 3], Wire.Last(_known.Take(Wire.Delta(2, 3, changed: [3], removed: [4]))));
    }

    [Fact]
    public void a_change_of_what_was_sent_twice_is_no_error()
    {
        _known.Take(Wire.Endpoints(1, 1, 1, 2));
        Assert.Equal([1, 2, 3], Wire.Last(_known.Take(Wire.Delta(1, 2, changed: [3, 3], removed: [9]))));
    }

    [Fact]
    public void a_change_of_something_else_is_not_guessed_at()
    {
        Assert.Null(_known.Take(Wire.Delta(1, 2, changed: [4], removed: [])));
        _known.Take(Wire.Endpoints(7, 1));
        Assert.Null(_known.Take(Wire.Delta(1, 2, changed: [4], removed: [])));
        Assert.Equal(0UL, _known.VersionOf(ResourceType.Endpoints, "/#/x"));
    }

    [Fact]
    public void what_is_absent_is_no_longer_known()
    {
        _known.Take(Wire.Document("Dtab/a", "x", 5));
        var gone = Wire.Document("Dtab/a", "", 6);
        gone.Absent = true;
        Assert.NotNull(_known.Take(gone));
        Assert.Empty(_known.Documents);
    }

    [Fact]
    public void what_was_refused_is_what_it_was_before()
    {
        var first = Wire.Document("Dtab/a", "x", 5);
        _known.Take(first);
        _known.Take(Wire.Document("Dtab/a", "bad", 6));
        _known.Restore(first.Name, first);
        Assert.Equal((5UL, "x"), (_known.Find(first.Name)!.Version, _known.Find(first.Name)!.Document));
        _known.Restore(first.Name, null);
        Assert.Empty(_known.All);
    }
}
