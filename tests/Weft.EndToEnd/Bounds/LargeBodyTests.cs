using System.Net;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Bounds;

public sealed class LargeBodyTests(OneService service) : IClassFixture<OneService>
{
    private const long Growth = 32 << 20;
    private const long WarmUp = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public Task an_upload_beyond_four_gigabytes_leaves_memory_flat() => LeavesMemoryFlat(Transfer.Upload);

    [Fact]
    public Task a_download_beyond_four_gigabytes_leaves_memory_flat() => LeavesMemoryFlat(Transfer.Download);

    private async Task LeavesMemoryFlat(Func<IPEndPoint, string, long, Task<long>> transfer)
    {
        Assert.Equal(WarmUp, await transfer(service.Weft.Outbound, OneService.Name, WarmUp));
        var before = service.Weft.ResidentBytes;
        var peak = before;
        var count = Transfer.LargeBody + 1;

        var running = transfer(service.Weft.Outbound, OneService.Name, count);
        await Eventually.Is(
            () =>
            {
                peak = Math.Max(peak, service.Weft.ResidentBytes);
                return running.IsCompleted;
            },
            "the transfer ended",
            Patience
        );
        Assert.Equal(count, await running);
        Assert.InRange(peak, before, before + Growth);
    }
}
