using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

/// <summary>
/// Types what an example's page says, block by block: the same commands but for the folder and the ports. A command that ends with <c>&amp;</c> runs
/// on. One that fails is typed again for a while, since what it needs may still be starting; so is one that does not print what its comment says.
/// </summary>
internal sealed class Walkthrough : IAsyncDisposable
{
    private const string Fence = "```sh\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _surroundings;
    private readonly (string From, string To)[] _replaced;
    private readonly string[][] _blocks;
    private readonly List<ChildProcess> _running = [];

    /// <param name="example">Whose page it is.</param>
    /// <param name="name">Of its folder.</param>
    /// <param name="surroundings">Variables of the environment, <c>NAME=VALUE</c>.</param>
    /// <param name="replaced">What is typed otherwise than the page has it.</param>
    public Walkthrough(Example example, string name, string[] surroundings, params (string From, string To)[] replaced)
    {
        _surroundings = string.Concat(surroundings.Select(s => $"export {s}; "));
        _replaced = [($"examples/{name}/", $"{example.Folder}/"), ("./weft ", $"{WeftProgram.Path} "), .. replaced];
        _blocks =
        [
            .. example
                .Read("README.md")
                .Split(Fence)
                .Skip(1)
                .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
                .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
        ];
    }

    /// <summary>Types a block, and tells of each command when it is done.</summary>
    public async Task Type(int block, Action<string>? onDone = null)
    {
        foreach (var line in _blocks[block])
        {
            await Type(line);
            onDone?.Invoke(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Those that were started last first.
        foreach (var process in Enumerable.Reverse(_running))
            await process.DisposeAsync();
    }

    private async Task Type(string line)
    {
        var parts = line.Split("    # ");
        var command = _replaced.Aggregate(parts[0], (text, r) => text.Replace(r.From, r.To, StringComparison.Ordinal));
        if (command.EndsWith('&'))
        {
            _running.Add(ChildProcess.Start("bash", "-c", $"{_surroundings} exec {command.TrimEnd('&')}"));
            return;
        }

        var said = "";
        try
        {
            await Eventually.Is(
                async () =>
                {
                    var (code, output, errors) = await ChildProcess.Run("bash", "-c", $"{_surroundings} {command}");
                    said = $"{code}\n{output}\n{errors}";
                    return code == 0 && (parts.Length == 1 || parts[1] == output);
                },
                $"'{line}' did what the page says",
                Patience
            );
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}: {said}", e);
        }
    }
}
