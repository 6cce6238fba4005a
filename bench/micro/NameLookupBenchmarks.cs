using BenchmarkDotNet.Attributes;
using Weft.Naming;
using Path = Weft.Naming.Path;

namespace Weft.Bench.Micro;

/// <summary>What a name costs when it is bound for the first time; afterwards its binding is kept.</summary>
[MemoryDiagnoser]
public class NameLookupBenchmarks
{
    private const string Canary =
        "/host => /#/file ; /svc => /host ; /svc/books => 0.9 * /host/books-v1 & 0.1 * /host/books-v2 ;";

    private readonly Path _path = Path.Parse("/svc/books");
    private readonly EveryName _namer = new();
    private string _text = "";
    private Dtab _dtab = Dtab.Empty;

    /// <summary>Dentries in the table, those of other services included.</summary>
    [Params(3, 100)]
    public int Dentries { get; set; }

    [GlobalSetup]
    public void MakeTable()
    {
        var others = Enumerable.Range(0, Dentries - 3).Select(i => $"/svc/other-{i} => /host/replacement-{i} ; ");
        _text = string.Concat(others) + Canary;
        _dtab = Dtab.Parse(_text);
    }

    [Benchmark]
    public Dtab ParseTable() => Dtab.Parse(_text);

    [Benchmark]
    public object Lookup() => _dtab.Lookup(_path);

    [Benchmark]
    public NameState Bind() => Binder.Bind(_dtab, _path, _namer);

    /// <summary>Binds every <c>/#/file/NAME</c>.</summary>
    private sealed class EveryName : INamer
    {
        public NameState Lookup(Path path) =>
            path.Length >= 3 && path[0] is "#" ? NameState.Bound(path.Take(3), path.Skip(3)) : NameState.Neg;
    }
}
