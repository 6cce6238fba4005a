using Weft.Api.Documents;
using Weft.Api.Mesh;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Traffic;

public sealed class TrafficBoardTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly VirtualTime _time = new();
    private readonly TrafficBoard _board;

    public TrafficBoardTests() => _board = new TrafficBoard(_time);

    private TrafficInfo Read(double seconds = 60, TrafficGrouping by = TrafficGrouping.All) =>
        _board.Read("default", TimeSpan.FromSeconds(seconds), by);

    [Fact]
    public void calls_are_told_by_caller_service_and_route_as_callers_saw_them()
    {
        var web = new Reports(["web"], "default");
        using var stream = _board.Open(Reports.Hello("web-1:4191"));
        web.Count("books", 90, failures: 10, part: "search")
            .Count("authors", 5)
            .Count("/#/file/books", 120, kind: SeriesKind.OutboundAttempts)
            .Count("web", 7, kind: SeriesKind.InboundRequests);
        Assert.Null(stream.Take(web.Next()));

        Assert.Equal(
            [("web", "authors", "default", 5, 0), ("web", "books", "search", 100, 10)],
            _board.Calls("default", Minute).Select(c => (c.Caller, c.Service, c.Route, c.Requests, c.Failures))
        );
        Assert.Equal(["default"], _board.Calls("default", Minute)[0].Dtabs);
        Assert.Empty(_board.Calls("other", Minute));
    }

    [Fact]
    public void proxies_of_one_service_are_one_caller_and_one_without_a_service_is_called_by_its_id()
    {
        foreach (var (id, services) in new[] { ("a:1", new[] { "web" }), ("b:1", ["web"]), ("c:1", []) })
        {
            _board.Open(Reports.Hello(id)).Take(new Reports(services).Count("books", 10).Next());
        }

        Assert.Equal([("c:1", 10), ("web", 20)], _board.Calls("default", Minute).Select(c => (c.Caller, c.Requests)));
    }

    [Fact]
    public void a_window_holds_what_is_as_young_as_it_and_everything_goes_after_ten_minutes()
    {
        var web = new Reports(["web"]);
        using var stream = _board.Open(Reports.Hello("w"));
        for (var i = 0; i < 120; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            stream.Take(web.Count("books", 50).Next());
        }

        // Slots of ten seconds: a window is right to within half of one.
        Assert.InRange(Assert.Single(Read(60).Requests).Successes, 550, 650);
        Assert.Equal(10, Read(60).Requests[0].Successes / Read(60).CoveredSeconds!.Value, 0.5);
        Assert.InRange(Assert.Single(Read(600).Requests).Successes, 5900, 6000);
        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.Empty(Read(60).Requests);
        Assert.Null(Read(60).CoveredSeconds);
        Assert.NotEmpty(Read(600).Requests);
        _time.Advance(TimeSpan.FromSeconds(310));
        Assert.Empty(Read(600).Requests);
    }

    [Fact]
    public void what_happened_while_a_proxy_was_cut_off_is_counted_when_it_happened()
    {
        var web = new Reports(["web"]);
        using var stream = _board.Open(Reports.Hello("w"));
        _time.Advance(TimeSpan.FromSeconds(300));
        stream.Take(web.Count("books", 3001, failures: 7).Next(seconds: 300));

        Assert.InRange(Assert.Single(Read(60).Requests).Successes, 550, 650);
        var all = Assert.Single(Read(600).Requests);
        Assert.Equal((3001, 7), (all.Successes, all.Failures));
        Assert.Equal(300, Read(600).CoveredSeconds);
    }

    [Fact]
    public void a_proxy_that_left_counts_on_and_one_that_never_reported_is_shown_as_missing()
    {
        var left = _board.Open(Reports.Hello("left"));
        left.Take(new Reports(["web"]).Count("books", 4).Next());
        left.Dispose();
        using var silent = _board.Open(Reports.Hello("silent"));
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(4, Assert.Single(Read().Requests).Successes);
        Assert.Equal(
            [("left", "web", false, 20), ("silent", null, true, null)],
            Read().Proxies.Select(p => (p.Id, p.Caller, p.Connected, p.AgeSeconds))
        );
        _time.Advance(TimeSpan.FromSeconds(700));
        Assert.Equal(["silent"], Read().Proxies.Select(p => p.Id));
    }

    [Fact]
    public void rows_are_added_up_by_what_is_asked_for()
    {
        using var web = _board.Open(Reports.Hello("w"));
        using var shop = _board.Open(Reports.Hello("s"));
        web.Take(
            new Reports(["web"])
                .Count("books", 60, part: "a", bucket: 8)
                .Count("books", 30, failures: 5, part: "b", bucket: 10)
                .Count("books", 95, failures: 5, part: "/#/file/books", kind: SeriesKind.OutboundAttempts)
                .Next()
        );
        shop.Take(new Reports(["shop"]).Count("books", 5, part: "a", bucket: 8).Next());

        var books = Assert.Single(Read(by: TrafficGrouping.Service).Requests);
        Assert.Equal(
            (null, "books", null, 95, 5),
            (books.Caller, books.Service, books.Route, books.Successes, books.Failures)
        );
        // 65 of 3 to 5 ms, 35 of 7.5 to 10 ms: the middle one is the 50th of the first 65.
        Assert.Equal(3 + (2 * 50 / 65.0), books.P50Ms!.Value, 0.0001);
        Assert.Equal(7.5 + (2.5 * 30 / 35), books.P95Ms!.Value, 0.0001);
        Assert.Equal(0.4, books.SumSeconds, 0.000001);
        Assert.Equal(2, Read(by: TrafficGrouping.Caller | TrafficGrouping.Service).Requests.Count);
        Assert.Equal(3, Read().Requests.Count);
        var client = Assert.Single(Read(by: TrafficGrouping.Client).Attempts);
        Assert.Equal(("/#/file/books", null, 100), (client.Client, client.Caller, client.Successes + client.Failures));
    }

    [Fact]
    public void a_report_that_breaks_a_rule_ends_the_reports_of_that_proxy_alone()
    {
        using var bad = _board.Open(Reports.Hello("bad"));
        using var good = _board.Open(Reports.Hello("good"));
        var report = new Reports(["web"]).Count("books", 4).Next();
        report.Moved[0].Number = 99;
        Assert.Equal("series 99 was never named", bad.Take(report));
        Assert.Null(bad.Take(report));
        Assert.Null(good.Take(new Reports(["web"]).Count("books", 4).Next()));

        Assert.Equal(["series 99 was never named", null], Read().Proxies.Select(p => p.Refused));
        Assert.Equal(4, Assert.Single(Read().Requests).Successes);
    }

    [Fact]
    public void a_proxy_that_becomes_another_service_counts_as_that_from_then_on()
    {
        using var stream = _board.Open(Reports.Hello("p"));
        var first = new Reports(["web"]).Count("books", 1);
        stream.Take(first.Next());
        var later = first.Count("books", 2).Next();
        later.Role = new ProxyRole { Services = { "shop" } };
        stream.Take(later);

        Assert.Equal([("shop", 2), ("web", 1)], _board.Calls("default", Minute).Select(c => (c.Caller, c.Requests)));
    }

    [Fact]
    public void proxies_that_connect_and_leave_without_end_stay_within_bounds()
    {
        for (var i = 0; i < NamespaceTraffic.MaxCallers + 100; i++)
        {
            _board.Open(Reports.Hello($"p{i}\u001b[2J")).Dispose();
        }

        Assert.Equal(NamespaceTraffic.MaxCallers, Read().Proxies.Count);
        Assert.DoesNotContain(Read().Proxies, p => p.Id.Any(char.IsControl));
    }

    [Fact]
    public void made_up_callers_and_services_stay_within_bounds()
    {
        using var stream = _board.Open(Reports.Hello("liar"));
        for (var i = 0; i < NamespaceTraffic.MaxCallers + 100; i++)
        {
            stream.Take(new Reports([$"s{i}"]).Count("books", 1).Next());
        }

        var callers = _board.Calls("default", TimeSpan.FromMinutes(10));
        Assert.InRange(callers.Count, NamespaceTraffic.MaxCallers, NamespaceTraffic.MaxCallers + 1);
        Assert.Equal(100, callers.Single(c => c.Caller == "other").Requests);
    }
}
