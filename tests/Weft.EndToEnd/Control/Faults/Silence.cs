using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>Makes sure that a fault is in force: a server that takes requests and answers none.</summary>
internal static class Silence
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    /// <summary>Asks a server and gets no answer for as long as any would take.</summary>
    public static async Task Of(Uri server)
    {
        using var http = new HttpClient { Timeout = Long };
        await Assert.ThrowsAsync<TaskCanceledException>(() => http.GetAsync(new Uri(server, "/version")));
    }
}
