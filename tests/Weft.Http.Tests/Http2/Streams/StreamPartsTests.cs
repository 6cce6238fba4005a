using Weft.Net;

namespace Weft.Http.Tests.Http2.Streams;

public sealed class StreamPartsTests
{
    [Fact]
    public void Received_data_come_out_as_they_went_in_and_every_buffer_returns()
    {
        var pool = new BufferPool();
        var data = new ReceivedData(pool);
        var random = new Random(4);
        var sent = new List<byte>();
        var got = new List<byte>();
        for (var round = 0; round < 5000; round++)
        {
            if (random.Next(2) == 0)
            {
                var piece = new byte[random.Next(1, random.Next(2) == 0 ? 20 : 9000)];
                random.NextBytes(piece);
                sent.AddRange(piece);
                data.Append(piece);
            }
            else if (!data.IsEmpty)
            {
                got.AddRange(data.Take().Span);
                data.Release();
            }

            Assert.Equal(sent.Count - got.Count, data.Length);
        }

        while (!data.IsEmpty)
        {
            got.AddRange(data.Take().Span);
            data.Release();
        }

        Assert.Equal(sent, got);
        Assert.Equal(0, pool.Lent);
    }

    [Fact]
    public void Credit_is_given_back_in_halves_and_never_exceeds_the_window()
    {
        var window = new ReceiveWindow(100);
        Assert.True(window.TryTake(100));
        Assert.False(window.TryTake(1));
        Assert.Equal(0, window.GiveBack(49));
        Assert.False(window.TryTake(1));
        Assert.Equal(50, window.GiveBack(1));
        Assert.True(window.TryTake(50));
        Assert.False(window.TryTake(1));
    }

    [Fact]
    public void A_send_window_may_become_negative_but_not_larger_than_31_bits()
    {
        var window = new SendWindow(10);
        window.Spend(10);
        Assert.True(window.TryAdd(-5));
        Assert.Equal(-5, window.Available);
        Assert.True(window.TryAdd(int.MaxValue));
        Assert.False(window.TryAdd(6));
    }

    [Fact]
    public void The_guard_lets_bursts_pass_and_a_steady_flood_not()
    {
        var guard = new FloodGuard(0);
        for (var i = 0; i < FloodGuard.Budget; i++)
        {
            Assert.True(guard.Spend(1, 0));
        }

        Assert.False(guard.Spend(1, 0));
        guard = new FloodGuard(0);
        for (var second = 1; second < 100; second++)
        {
            for (var i = 0; i < FloodGuard.PerSecond; i++)
            {
                Assert.True(guard.Spend(1, second * 1000));
            }
        }
    }

    [Fact]
    public void Half_of_the_streams_may_be_cancelled_but_not_nearly_all()
    {
        var guard = new FloodGuard(0);
        for (var i = 0; i < 100_000; i++)
        {
            guard.OnOpened();
            Assert.True(i % 2 == 0 || guard.OnReset());
        }

        guard = new FloodGuard(0);
        var streams = 0;
        do
        {
            guard.OnOpened();
            streams++;
        } while (guard.OnReset());

        Assert.Equal(FloodGuard.ResetSample, streams);
    }

    [Fact]
    public void Closed_streams_are_remembered_for_a_while()
    {
        var closed = new ClosedStreams();
        Assert.Equal(StreamEnd.Unknown, closed.Find(1));
        closed.Add(1, StreamEnd.ResetHere);
        closed.Add(3, StreamEnd.Ended);
        Assert.Equal(StreamEnd.ResetHere, closed.Find(1));
        Assert.Equal(StreamEnd.Ended, closed.Find(3));
        closed.Add(1 + 512, StreamEnd.ResetByPeer);
        Assert.Equal(StreamEnd.Unknown, closed.Find(1));
    }
}
