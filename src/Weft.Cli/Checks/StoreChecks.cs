using Weft.Api.Documents;
using Weft.Cli.Output;

namespace Weft.Cli.Checks;

/// <summary>Whether documents can be written.</summary>
internal static class StoreChecks
{
    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        // By the control plane's own clock, which the times are of.
        facts.Controls.Where(c => c.Status is not null).Select(c => Of(c.Target, c.Status!.Store, c.Status.Time));

    private static Finding Of(string target, StoreInfo store, DateTimeOffset now)
    {
        if (store.State == StoreInfo.Ok)
        {
            return Finding.Ok(CheckNames.Store, target, $"{store.Kind}, at revision {store.Revision}");
        }

        var since = store.Since is { } time ? $" for {Numbers.Age(now - time)}" : "";
        return Finding.Error(
            CheckNames.Store,
            target,
            $"{store.Kind}: it cannot be used{since}: {store.Error ?? store.State}",
            store.Kind == "etcd"
                ? "see that etcd runs, has a leader and can be reached from the control plane; proxies keep what they were told"
                : "make room on the disk of --data, or mend it, and write again; proxies keep what they were told"
        );
    }
}
