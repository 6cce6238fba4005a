namespace Weft.Telemetry;

/// <summary>
/// A bounded queue of lines and the one thread that writes them. Adding a line never waits for the output; when the queue
/// is full the line is lost, counted, and its loss said in the output as soon as there is room.
/// </summary>
internal sealed class LogSink
{
    // Guards what follows; held for a few instructions, never while writing.
    private readonly object _gate = new();
    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly Func<long, string> _lossLine;
    private List<string> _lines = [];
    private List<string> _spare = [];
    private Thread? _thread;
    private long _added;
    private long _done;
    private bool _isClosed;
    private long _lost;
    private long _unsaidLoss;

    public LogSink(TextWriter output, TimeProvider time, int capacity, Func<long, string> lossLine) =>
        (_output, _time, _capacity, _lossLine) = (output, time, capacity, lossLine);

    /// <summary>Lines that were not written: the queue was full, the output failed, or the log was closed.</summary>
    public long Lost
    {
        get
        {
            lock (_gate)
                return _lost;
        }
    }

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_isClosed || _lines.Count >= _capacity)
            {
                Lose(1);
                return;
            }

            _lines.Add(line);
            _added++;
            if (_thread is null)
            {
                _thread = new Thread(WriteAll) { IsBackground = true, Name = "weft log" };
                _thread.Start();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until everything added so far is written, or the time is up. False when it was up.</summary>
    public bool Flush(TimeSpan timeout)
    {
        lock (_gate)
        {
            var target = _added;
            var since = _time.GetTimestamp();
            while (_done < target)
            {
                // Woken by every new line too, which must not prolong the wait.
                var left = timeout - _time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    return false;
            }

            return true;
        }
    }

    public void Close(TimeSpan timeout)
    {
        Flush(timeout);
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void WriteAll()
    {
        while (TakeAll() is var (lines, loss))
        {
            var count = lines.Count;
            if (loss > 0)
                lines.Insert(0, _lossLine(loss));
            var written = TryWrite(lines);
            lines.Clear();
            lock (_gate)
            {
                if (!written)
                {
                    Lose(count);
                    _unsaidLoss += loss;
                }

                _spare = lines;
                _done += count;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private (List<string> Lines, long Loss)? TakeAll()
    {
        lock (_gate)
        {
            while (_lines.Count == 0)
            {
                if (_isClosed)
                    return null;
                Monitor.Wait(_gate);
            }

            var taken = (_lines, _unsaidLoss);
            (_lines, _unsaidLoss) = (_spare, 0);
            return taken;
        }
    }

    private bool TryWrite(List<string> lines)
    {
        try
        {
            foreach (var line in lines)
            {
                _output.Write(line);
                _output.Write('\n');
            }

            _output.Flush();
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // There is nowhere to say it now; it is counted, and said when the output works again.
            return false;
        }
    }

    private void Lose(int count)
    {
        _lost += count;
        _unsaidLoss += count;
    }
}
