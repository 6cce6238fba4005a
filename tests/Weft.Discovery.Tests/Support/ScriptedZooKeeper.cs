using System.Buffers.Binary;
using System.Text;

namespace Weft.Discovery.Tests;

/// <summary>A ZooKeeper without a network: one tree, one session at a time, watches that fire once.</summary>
internal sealed class ScriptedZooKeeper
{
    private readonly SortedDictionary<string, byte[]> _nodes = new(StringComparer.Ordinal) { ["/"] = [] };
    private readonly HashSet<string> _dataWatches = [];
    private readonly HashSet<string> _childWatches = [];
    private ScriptedStream? _stream;
    private bool _isGreeted;
    private long _zxid = 100;

    /// <summary>Whether it accepts connections at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether it leaves everything unanswered.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>What every greeting asked for and got.</summary>
    public List<string> Greetings { get; } = [];

    /// <summary>Every request but pings, in order: <c>getData /a</c>.</summary>
    public List<string> Requests { get; } = [];

    public int Pings { get; private set; }

    /// <summary>The sessions that are forgotten when a client wants to go on with them.</summary>
    public bool ForgetsSessions { get; set; }

    /// <summary>Nodes whose children make a reply that is far too long.</summary>
    public HashSet<string> Huge { get; } = [];

    /// <summary>The time in ms that sessions are given.</summary>
    public int Granted { get; set; } = 9000;

    public ScriptedStream Stream => _stream!;

    public Task<Stream> Connect(string host, int port, CancellationToken stop)
    {
        if (IsDown)
        {
            throw new IOException("no route to host");
        }
        _dataWatches.Clear();
        _childWatches.Clear();
        _isGreeted = false;
        var stream = new ScriptedStream();
        stream.OnWrite = bytes => Take(stream, bytes);
        _stream = stream;
        return Task.FromResult<Stream>(stream);
    }

    /// <summary>Forgets everything, as after a restart without a disk.</summary>
    public void Empty()
    {
        _nodes.Clear();
        _nodes["/"] = [];
        _zxid = 0;
    }

    public void Set(string path, string data) => Set(path, Encoding.UTF8.GetBytes(data));

    public void Set(string path, byte[] data)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (!_nodes.ContainsKey(path[..slash]))
            {
                Set(path[..slash], "");
            }
        }
        var isNew = !_nodes.ContainsKey(path);
        _nodes[path] = data;
        _zxid++;
        Fire(_dataWatches, path, isNew ? 1 : 3);
        if (isNew)
        {
            Fire(_childWatches, Parent(path), 4);
        }
    }

    public void Delete(string path)
    {
        _nodes.Remove(path);
        _zxid++;
        Fire(_dataWatches, path, 2);
        Fire(_childWatches, path, 2);
        Fire(_childWatches, Parent(path), 4);
    }

    private static string Parent(string path) => path.LastIndexOf('/') is var i and > 0 ? path[..i] : "/";

    private void Fire(HashSet<string> watches, string path, int type)
    {
        if (watches.Remove(path) && !IsFrozen)
        {
            Send(_stream!, [.. Int(-1), .. Long(-1), .. Int(0), .. Int(type), .. Int(3), .. Text(path)]);
        }
    }

    private void Take(ScriptedStream stream, byte[] frame)
    {
        if (IsFrozen)
        {
            return;
        }
        var body = frame.AsSpan(4);
        if (!_isGreeted)
        {
            if (BinaryPrimitives.ReadInt64BigEndian(body[4..]) > _zxid)
            {
                stream.End();
                return;
            }
            _isGreeted = true;
            var id = BinaryPrimitives.ReadInt64BigEndian(body[16..]);
            var isKnown = id == 0 || !ForgetsSessions;
            Greetings.Add($"{id} zxid {BinaryPrimitives.ReadInt64BigEndian(body[4..])}{(isKnown ? "" : " expired")}");
            var answer =
                !isKnown ? 0
                : id == 0 ? 1000 + Greetings.Count
                : id;
            Send(stream, [.. Int(0), .. Int(isKnown ? Granted : 0), .. Long(answer), .. Int(16), .. new byte[16], 0]);
            return;
        }
        var xid = BinaryPrimitives.ReadInt32BigEndian(body);
        var operation = BinaryPrimitives.ReadInt32BigEndian(body[4..]);
        if (operation == 11)
        {
            Pings++;
            Send(stream, [.. Int(-2), .. Long(_zxid), .. Int(0)]);
            return;
        }
        var path = Encoding.UTF8.GetString(body.Slice(12, BinaryPrimitives.ReadInt32BigEndian(body[8..])));
        var isThere = _nodes.ContainsKey(path);
        byte[] reply = [];
        switch (operation)
        {
            case 3:
                Requests.Add("exists " + path);
                _dataWatches.Add(path);
                reply = new byte[68];
                break;
            case 4:
                Requests.Add("getData " + path);
                if (isThere)
                {
                    _dataWatches.Add(path);
                    reply = [.. Int(_nodes[path].Length), .. _nodes[path], .. new byte[68]];
                }
                break;
            default:
                Requests.Add("getChildren " + path);
                if (isThere)
                {
                    _childWatches.Add(path);
                    var children = _nodes.Keys.Where(k => k != "/" && Parent(k) == path).ToArray();
                    reply = [.. Int(children.Length), .. children.SelectMany(c => Text(c[(c.LastIndexOf('/') + 1)..]))];
                    reply = Huge.Contains(path) ? [.. reply, .. new byte[17 * 1024 * 1024]] : reply;
                }
                break;
        }
        Send(stream, [.. Int(xid), .. Long(_zxid), .. Int(isThere ? 0 : -101), .. isThere ? reply : []]);
    }

    private static void Send(ScriptedStream stream, byte[] body) => stream.Push([.. Int(body.Length), .. body]);

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Int(bytes.Length), .. bytes];
    }
}
