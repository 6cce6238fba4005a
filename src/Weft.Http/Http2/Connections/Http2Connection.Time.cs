using System.Buffers.Binary;
using Weft.Net;

namespace Weft.Http;

public abstract partial class Http2Connection
{
    // How often streams that cannot send are looked at.
    private const int StallCheckMilliseconds = 250;

    // After this long without streams a connection gives up what it keeps for the next ones.
    private const int QuietMilliseconds = 5_000;

    private readonly ConnectionTimer _timer;
    private bool _isQuiet;
    private long _headersDue = long.MaxValue;
    private long _settingsDue = long.MaxValue;
    private long _pingDue = long.MaxValue;
    private long _lingerDue = long.MaxValue;
    private long _goAwayDue = long.MaxValue;
    private long _stallDue = long.MaxValue;
    private long _watchedDue = long.MaxValue;
    private long _idleSince;
    private long _frameMilliseconds;
    private long _bytesOut;
    private long _bytesOutMilliseconds;

    private protected long IdleSince => _idleSince;

    /// <summary>Says what this side is willing to take, and begins to count time.</summary>
    private void Begin()
    {
        var now = Loop.NowMilliseconds;
        WritePreface();
        Span<byte> settings = stackalloc byte[5 * Http2Settings.EntryLength];
        var length = 0;
        Add(settings, SettingId.InitialWindowSize, (uint)Options.StreamWindow);
        Add(settings, SettingId.MaxHeaderListSize, (uint)Math.Min(Options.Limits.MaxBytes, HeadBytes.MostBytes));
        if (IsServer)
        {
            Add(settings, SettingId.MaxConcurrentStreams, (uint)Options.MaxConcurrentStreams);
            if (Options.EnableConnectProtocol)
            {
                Add(settings, SettingId.EnableConnectProtocol, 1);
            }
        }
        else
        {
            Add(settings, SettingId.EnablePush, 0);
        }

        WriteControl(FrameType.Settings, FrameFlags.None, 0, settings[..length]);
        var more = Options.ConnectionWindow - Http2Settings.DefaultWindow;
        if (more > 0)
        {
            SendWindowUpdate(0, more);
        }

        _idleSince = now;
        _frameMilliseconds = now;
        _settingsDue = now + Options.SettingsMilliseconds;
        // The peer's preface and SETTINGS are a head of sorts.
        _headersDue = now + Options.HeadMilliseconds;
        _watchedDue = long.MaxValue;
        Watch(NextDue(now));

        void Add(Span<byte> destination, SettingId id, uint value)
        {
            Http2Settings.Write(destination[length..], id, value);
            length += Http2Settings.EntryLength;
        }
    }

    /// <summary>A client sends the connection preface.</summary>
    private protected virtual void WritePreface() { }

    private protected void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Output.Reserve(bytes.Length));
        Output.Commit(bytes.Length);
    }

    private protected static ReadOnlySpan<byte> ClientPreface => Preface;

    /// <summary>Asks the peer for a sign of life; <see cref="OnPong"/> follows, or the timeout.</summary>
    private protected void SendPing(long timeoutMilliseconds)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(payload, Loop.NowMilliseconds);
        WriteControl(FrameType.Ping, FrameFlags.None, 0, payload);
        _pingDue = Loop.NowMilliseconds + timeoutMilliseconds;
        Watch(_pingDue);
    }

    /// <summary>The peer has answered a PING.</summary>
    private protected virtual void OnPong() { }

    /// <summary>Everything that was to be sent is out.</summary>
    private protected virtual void OnOutputDrained() { }

    /// <summary>The second GOAWAY of a graceful end is due at this time.</summary>
    private protected void SetGoAway(long delayMilliseconds)
    {
        _goAwayDue = Loop.NowMilliseconds + delayMilliseconds;
        Watch(_goAwayDue);
    }

    private protected virtual void OnGoAwayDue() { }

    /// <summary>There was no stream for a while.</summary>
    private protected virtual void OnQuiet() { }

    /// <summary>Says goodbye in good order and ends.</summary>
    private protected void Close(Http2EndReason reason) =>
        Fail(new Http2Fault(FaultScope.Connection, Http2ErrorCode.NoError, reason));

    private void WatchSends()
    {
        if (_stallDue == long.MaxValue)
        {
            _bytesOut = Connection.BytesOut;
            _bytesOutMilliseconds = Loop.NowMilliseconds;
            _stallDue = Loop.NowMilliseconds + Math.Min(StallCheckMilliseconds, Options.SendMilliseconds);
            Watch(_stallDue);
        }
    }

    /// <summary>Makes sure that the timer runs out at <paramref name="due"/> at the latest.</summary>
    private void Watch(long due)
    {
        if (due < _watchedDue && !_isOver)
        {
            _watchedDue = due;
            Loop.SetTimer(_timer, Math.Max(0, due - Loop.NowMilliseconds));
        }
    }

    private long NextDue(long now)
    {
        var due = Math.Min(Math.Min(_headersDue, _settingsDue), Math.Min(_pingDue, _lingerDue));
        due = Math.Min(due, Math.Min(_goAwayDue, _stallDue));
        if (ActiveStreams == 0)
        {
            due = Math.Min(due, _idleSince + (_isQuiet ? Options.IdleMilliseconds : QuietMilliseconds));
        }

        if (Options.PingMilliseconds > 0 && _pingDue == long.MaxValue)
        {
            due = Math.Min(
                due,
                Math.Max(_frameMilliseconds, now - Options.PingMilliseconds + 1) + Options.PingMilliseconds
            );
        }

        return Math.Min(due, now + Options.IdleMilliseconds);
    }

    private void OnTimer()
    {
        var now = Loop.NowMilliseconds;
        _watchedDue = long.MaxValue;
        if (now >= _lingerDue)
        {
            Connection.Close();
            return;
        }

        if (!_isEnding)
        {
            CheckTimes(now);
        }

        if (!_isOver)
        {
            Watch(_isEnding ? _lingerDue : NextDue(now));
        }
    }

    private void CheckTimes(long now)
    {
        if (now >= _headersDue)
        {
            Fail(new Http2Fault(FaultScope.Connection, Http2ErrorCode.EnhanceYourCalm, Http2EndReason.HeadersTimeout));
        }
        else if (now >= _settingsDue)
        {
            Fail(new Http2Fault(FaultScope.Connection, Http2ErrorCode.SettingsTimeout, Http2EndReason.SettingsTimeout));
        }
        else if (now >= _pingDue)
        {
            Fail(new Http2Fault(FaultScope.Connection, Http2ErrorCode.NoError, Http2EndReason.PingTimeout));
        }
        else if (ActiveStreams == 0 && now >= _idleSince + Options.IdleMilliseconds)
        {
            Close(Http2EndReason.Idle);
        }
        else if (ActiveStreams == 0 && !_isQuiet && now >= _idleSince + QuietMilliseconds)
        {
            _isQuiet = true;
            OnQuiet();
        }

        if (now >= _goAwayDue && !_isEnding)
        {
            _goAwayDue = long.MaxValue;
            OnGoAwayDue();
        }

        if (now >= _stallDue && !_isEnding)
        {
            CheckSends(now);
        }

        var silent = now - _frameMilliseconds >= Options.PingMilliseconds;
        if (Options.PingMilliseconds > 0 && silent && ActiveStreams > 0 && _pingDue == long.MaxValue && !_isEnding)
        {
            SendPing(Options.PingTimeoutMilliseconds);
        }
    }

    /// <summary>Ends what the peer keeps from being sent: a stream whose window stays shut, a connection that it does not read.</summary>
    private void CheckSends(long now)
    {
        _stallDue = long.MaxValue;
        if (Connection.BytesOut != _bytesOut)
        {
            _bytesOut = Connection.BytesOut;
            _bytesOutMilliseconds = now;
        }

        if (Output.IsBlocked && now - _bytesOutMilliseconds >= Options.SendMilliseconds)
        {
            End(Http2EndReason.SendTimeout);
            Connection.Abort();
            return;
        }

        var waiting = Output.IsBlocked;
        foreach (var stream in Streams.Slots)
        {
            if (stream is null || !stream.IsSending)
            {
                continue;
            }

            if (!Output.IsBlocked && now - stream.ProgressMilliseconds >= Options.SendMilliseconds)
            {
                StalledStreams++;
                ResetStream(stream, Http2ErrorCode.FlowControlError);
            }
            else
            {
                waiting = true;
            }
        }

        if (waiting)
        {
            _stallDue = now + Math.Min(StallCheckMilliseconds, Options.SendMilliseconds);
        }
    }

    /// <summary>Streams that were reset because the peer took nothing of them in time.</summary>
    public int StalledStreams { get; private set; }

    private sealed class ConnectionTimer(Http2Connection connection) : LoopTimer
    {
        protected override void OnDue() => connection.OnTimer();
    }
}
