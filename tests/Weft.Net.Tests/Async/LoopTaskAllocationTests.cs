namespace Weft.Net.Tests.Async;

public sealed class LoopTaskAllocationTests
{
    private const int Concurrency = 64;

    [Theory]
    [BothTransports]
    public async Task Sixty_four_suspended_calls_allocate_nothing_at_steady_state(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var allocated = await loops.RunAsync(_ =>
        {
            var work = new Work();
            work.Round(); // The boxes of the first round are kept.
            work.Round();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                work.Round();
            }

            var after = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(52 * Concurrency * 3, work.Total);
            return Task.FromResult(after - before);
        });
        // A collection on another thread may close this thread's allocation context, which counts as up to 8 KiB; a box per call
        // would be a megabyte.
        Assert.InRange(allocated, 0, 16 * 1024);
    }

    private sealed class Work
    {
        private readonly LoopSignal<int>[] _signals =
        [
            .. Enumerable.Range(0, Concurrency).Select(_ => new LoopSignal<int>()),
        ];

        private readonly LoopTask[] _calls = new LoopTask[Concurrency];

        public int Total { get; private set; }

        public void Round()
        {
            for (var i = 0; i < Concurrency; i++)
            {
                _calls[i] = OuterAsync(_signals[i]);
            }

            // Each call suspends twice, in a method with a result inside one without.
            for (var step = 1; step <= 2; step++)
            {
                foreach (var signal in _signals)
                {
                    signal.Complete(step);
                }
            }

            foreach (var call in _calls)
            {
                call.GetAwaiter().GetResult();
            }
        }

        private async LoopTask OuterAsync(LoopSignal<int> signal)
        {
            var got = await InnerAsync(signal);
            Total += got;
        }

        private static async LoopTask<int> InnerAsync(LoopSignal<int> signal)
        {
            var first = await signal.Arm();
            return first + await signal.Arm();
        }
    }
}
