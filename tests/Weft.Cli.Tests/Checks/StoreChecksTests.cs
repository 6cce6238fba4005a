using Weft.Api.Documents;
using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class StoreChecksTests
{
    private static Finding Of(StoreInfo store) =>
        Assert.Single(
            StoreChecks.Of(Samples.Mesh(Samples.Control with { Status = Samples.Status with { Store = store } }))
        );

    [Fact]
    public void A_store_that_cannot_be_used_is_an_error_with_a_remedy_of_its_kind()
    {
        Assert.Equal("embedded, at revision 7", Of(new StoreInfo("embedded", "ok", 7)).Detail);

        var full = Of(new StoreInfo("embedded", "failing", 7, "No space left", Samples.Now.AddSeconds(-61)));
        Assert.Equal(FindingStatus.Error, full.Status);
        Assert.Equal("embedded: it cannot be used for 61s: No space left", full.Detail);
        Assert.Contains("--data", full.Remedy);
        Assert.Contains("etcd runs", Of(new StoreInfo("etcd", "failing", 7, "refused", Samples.Now)).Remedy);
    }
}
