using Google.Protobuf;
using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Api.Tests.Traffic;

public sealed class ReportTests
{
    private static readonly ProxyRole Web = new() { Services = { "web" }, Dtabs = { "default" } };

    private readonly Dictionary<SeriesKey, SeriesTotals> _counted = [];
    private readonly Dictionary<SeriesKey, SeriesTotals> _read = [];
    private readonly ReportWriter _writer = new();
    private ReportReader _reader = new();

    private static SeriesKey Books(string part = "default") => new(SeriesKind.OutboundRequests, "books", part);

    private TrafficReport Write() => _writer.Write(_counted, Web, TimeSpan.FromSeconds(5));

    private void Count(SeriesKey key, long successes, long failures = 0, int bucket = 4)
    {
        var totals = _counted.TryGetValue(key, out var known) ? known : _counted[key] = new SeriesTotals();
        totals.Successes += successes;
        totals.Failures += failures;
        totals.SumNanoseconds += 1_234_567 * (successes + failures);
        totals.Durations[bucket] += successes + failures;
    }

    /// <summary>Through bytes, as it goes.</summary>
    private void Read(TrafficReport report) =>
        _reader.Read(
            TrafficReport.Parser.ParseFrom(report.ToByteArray()),
            (key, moved) =>
            {
                var sum = _read.TryGetValue(key, out var known) ? known : _read[key] = new SeriesTotals();
                sum.Successes += moved.Successes;
                sum.Failures += moved.Failures;
                sum.Retries += moved.Retries;
                sum.SumNanoseconds += moved.SumNanoseconds;
                for (var i = 0; i < ReportLimits.Buckets; i++)
                {
                    sum.Durations[i] += moved.Durations[i];
                }
            }
        );

    [Fact]
    public void a_series_is_named_once_and_only_what_moved_is_said()
    {
        Count(Books("a"), 3);
        Count(Books("b"), 1);
        var first = Write();
        Assert.Equal((true, 2, 2), (first.Restarts, first.Named.Count, first.Moved.Count));
        Assert.Equal(Web, first.Role);

        Count(Books("b"), 5, failures: 1, bucket: 7);
        var second = Write();
        Assert.Equal((false, 0, null), (second.Restarts, second.Named.Count, second.Role));
        var moved = Assert.Single(second.Moved);
        Assert.Equal((1u, 5ul, 1ul), (moved.Number, moved.Successes, moved.Failures));
        Assert.Equal([7ul, 6ul], moved.Durations);
    }

    [Fact]
    public void when_nothing_moved_a_report_is_a_few_bytes()
    {
        Count(Books(), 3);
        Write();
        Assert.InRange(Write().CalculateSize(), 1, 4);
    }

    [Fact]
    public void fifty_series_that_moved_take_less_than_two_kilobytes_and_their_names_as_much_once()
    {
        for (var i = 0; i < 50; i++)
        {
            Count(new SeriesKey(SeriesKind.OutboundRequests, $"service-{i}", "default"), 1);
        }

        Assert.InRange(Write().CalculateSize(), 1000, 3000);
        foreach (var key in _counted.Keys)
        {
            // 100 requests a second, in five buckets.
            for (var bucket = 3; bucket < 8; bucket++)
            {
                Count(key, 99, failures: 1, bucket);
            }
        }

        Assert.InRange(Write().CalculateSize(), 1000, 1700);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void whatever_is_counted_and_wherever_a_stream_breaks_the_sums_that_are_read_are_the_same(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 2000; step++)
        {
            var kind = (SeriesKind)random.Next(1, 5);
            var key = new SeriesKey(kind, $"s{random.Next(30)}", $"p{random.Next(3)}");
            Count(
                key,
                1 + random.NextInt64(1L << random.Next(1, 30)),
                random.Next(3),
                random.Next(ReportLimits.Buckets)
            );
            _counted[key].Retries += random.Next(2);
            if (random.Next(5) == 0)
            {
                if (random.Next(10) == 0)
                {
                    _writer.Restart();
                    _reader = new ReportReader();
                }

                Read(Write());
            }
        }

        Read(Write());
        Assert.Equal(_counted.Keys.ToHashSet(), [.. _read.Keys]);
        foreach (var (key, counted) in _counted)
        {
            var read = _read[key];
            Assert.Equal(
                (counted.Successes, counted.Failures, counted.Retries, counted.SumNanoseconds),
                (read.Successes, read.Failures, read.Retries, read.SumNanoseconds)
            );
            Assert.Equal(counted.Durations.ToArray(), read.Durations.ToArray());
        }
    }

    [Fact]
    public void a_series_that_ended_and_came_back_is_counted_from_its_new_beginning()
    {
        Count(Books(), 10);
        Read(Write());
        _counted.Clear();
        Read(Write());
        Count(Books(), 4);
        Read(Write());
        Assert.Equal(14, _read[Books()].Successes);
    }

    [Fact]
    public void names_that_come_and_go_never_use_the_numbers_up()
    {
        for (var i = 0; i < 3 * ReportLimits.MaxSeries; i += 100)
        {
            _counted.Clear();
            for (var j = 0; j < 100; j++)
            {
                Count(Books($"{i + j}"), 1);
            }

            Read(Write());
        }

        Assert.Equal(3 * ReportLimits.MaxSeries, _read.Values.Sum(s => s.Successes));
    }

    [Fact]
    public void more_series_than_there_are_numbers_break_no_rule()
    {
        for (var i = 0; i < ReportLimits.MaxSeries + 5; i++)
        {
            Count(Books($"{i}"), 1);
        }

        Read(Write());
        Read(Write());
        Assert.Equal(ReportLimits.MaxSeries, _read.Count);
    }
}
