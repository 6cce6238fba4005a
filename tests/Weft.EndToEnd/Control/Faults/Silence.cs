using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>Makes sure that a fault is in force: a server that takes requests and answers none.</summary>
internal static class Silence
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asks a server and gets no answer for as long as any would take. The threads of a process stop one after the other, so a first question may
    /// still be answered.
    /// </summary>
    public static async Task Of(Uri server)
    {
        using var http = new HttpClient { Timeout = Long };
        await Eventually.Is(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri(server, "/version"));
                    return false;
                }
                catch (TaskCanceledException)
                {
                    return true;
                }
            },
            $"{server} was silent"
        );
    }
}
