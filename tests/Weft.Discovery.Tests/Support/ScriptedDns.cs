using System.Net;

namespace Weft.Discovery.Tests;

/// <summary>Name servers that a test plays: they answer at once, or never.</summary>
internal sealed class ScriptedDns : IDnsTransport
{
    private readonly Dictionary<(string Name, string Type), Action<DnsWriter>> _answers = [];

    /// <summary>What was asked, in order: <c>web A</c>, with the server when there are several, and <c>tcp</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Servers that are silent.</summary>
    public HashSet<string> Silent { get; } = [];

    public Func<ReadOnlyMemory<byte>, byte[]>? Raw { get; set; }

    public void Answer(string name, string type, Action<DnsWriter> write) => _answers[(name, type)] = write;

    public void Forget() => _answers.Clear();

    public async Task ExchangeAsync(
        IPEndPoint server,
        ReadOnlyMemory<byte> question,
        bool overTcp,
        Func<ReadOnlyMemory<byte>, bool> isAnswer,
        CancellationToken stop
    )
    {
        var writer = new DnsWriter(question.Span);
        var type = writer.Type switch
        {
            1 => "A",
            28 => "AAAA",
            _ => "SRV",
        };
        Asked.Add($"{writer.Name} {type}{(overTcp ? " tcp" : "")}{(server.Port == 53 ? "" : $" {server.Port}")}");
        if (Silent.Contains(server.ToString()))
        {
            var never = new TaskCompletionSource();
            await using var given = stop.Register(() => never.TrySetCanceled(stop));
            await never.Task;
        }
        if (Raw is not null)
        {
            Assert.True(isAnswer(Raw(question)));
            return;
        }
        if (!_answers.TryGetValue((writer.Name, overTcp ? type + " tcp" : type), out var write))
        {
            writer.Code = _answers.Keys.Any(k => k.Name == writer.Name) ? 0 : 3;
            writer.Soa(30, 20);
        }
        write?.Invoke(writer);
        Assert.True(isAnswer(writer.ToArray()));
    }
}
