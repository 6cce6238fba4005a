namespace Weft.Net;

/// <summary>Questions from one loop to another.</summary>
public static class LoopCalls
{
    /// <summary>
    /// Runs <paramref name="question"/> on <paramref name="other"/> and continues on <paramref name="home"/>, where this is called. An exception comes back
    /// to who asked. When the other loop has ended, there is no answer.
    /// </summary>
    public static async ValueTask<T> AskAsync<T>(this EventLoop home, EventLoop other, Func<T> question)
    {
        var signal = new LoopSignal<(T? Answer, Exception? Error)>();
        var wait = signal.Arm();
        other.Post(_ =>
        {
            (T? Answer, Exception? Error) outcome;
            try
            {
                outcome = (question(), null);
            }
            catch (Exception e)
            {
                outcome = (default, e);
            }

            home.Post(_ => signal.Complete(outcome));
        });
        var (answer, error) = await wait;
        return error is null ? answer! : throw new InvalidOperationException("the other loop could not answer", error);
    }
}
