namespace Weft.Net.Tests.Buffers;

public sealed class BufferPoolTests
{
    private readonly BufferPool _pool = new();

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 2048)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(8192, 8192)]
    [InlineData(8193, 16384)]
    [InlineData(65_536, 65_536)]
    [InlineData(131_073, 262_144)]
    [InlineData(262_144, 262_144)]
    public void A_buffer_is_the_smallest_power_of_two_that_fits(int asked, int given) =>
        Assert.Equal(given, _pool.Rent(asked).Length);

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(BufferPool.MaxSize + 1)]
    [InlineData(int.MaxValue)]
    public void A_size_out_of_bounds_is_refused_and_counts_for_nothing(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(size));
        Assert.Equal(0, _pool.Lent);
    }

    [Fact]
    public void The_buffer_returned_last_is_lent_first()
    {
        var (a, b, c) = (_pool.Rent(5000), _pool.Rent(5000), _pool.Rent(5000));
        _pool.Return(a);
        _pool.Return(c);
        _pool.Return(b);
        Assert.Same(b, _pool.Rent(8192));
        Assert.Same(c, _pool.Rent(4097));
        Assert.Same(a, _pool.Rent(6000));
    }

    [Fact]
    public void A_buffer_is_lent_for_its_own_class_only()
    {
        var small = _pool.Rent(1024);
        _pool.Return(small);
        Assert.NotSame(small, _pool.Rent(8192));
        Assert.Same(small, _pool.Rent(10));
    }

    [Fact]
    public void Lent_counts_what_is_out()
    {
        var a = _pool.Rent(1);
        var b = _pool.Rent(100_000);
        Assert.Equal(2, _pool.Lent);
        _pool.Return(a);
        Assert.Equal(1, _pool.Lent);
        _pool.Return(b);
        Assert.Equal(0, _pool.Lent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(5000)]
    [InlineData(BufferPool.MaxSize * 2)]
    public void A_buffer_from_elsewhere_is_refused(int length)
    {
        var mine = _pool.Rent(1);
        Assert.Throws<ArgumentException>(() => _pool.Return(new byte[length]));
        Assert.Equal(1, _pool.Lent);
        _pool.Return(mine);
    }

    [Fact]
    public void The_small_buffers_of_a_thousand_requests_at_once_are_all_kept()
    {
        var burst = Enumerable.Range(0, 4000).Select(_ => _pool.Rent(300)).ToHashSet();
        foreach (var buffer in burst)
        {
            _pool.Return(buffer);
        }

        Assert.All(Enumerable.Range(0, 4000), _ => Assert.Contains(_pool.Rent(300), burst));
    }

    [Fact]
    public void After_a_burst_no_more_than_four_MiB_of_a_class_are_kept()
    {
        var burst = Enumerable.Range(0, 40).Select(_ => _pool.Rent(BufferPool.MaxSize)).ToList();
        foreach (var buffer in burst)
        {
            _pool.Return(buffer);
        }

        var kept = Enumerable.Range(0, 40).Select(_ => _pool.Rent(BufferPool.MaxSize)).Count(burst.Contains);
        Assert.Equal(16, kept);
    }
}
