using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <content>What is said of the traffic, and when.</content>
public sealed partial class ControlStream
{
    /// <summary>Reports come last: nothing waits for them.</summary>
    private ProxyMessage? Next(ConnectionReports reports)
    {
        lock (_gate)
        {
            if (_outbox.Take(_known.VersionOf) is { } message)
            {
                return message;
            }
        }

        return _outbox.TakeReport() ? reports.Take() : null;
    }

    private async Task ReportAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Jittered(_options.ReportEvery), _time, _stop.Token);
                if (Status.IsConnected)
                {
                    _outbox.AskReport();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
