using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>What a change would do to the traffic of the last minutes, as real proxies have reported it.</summary>
public sealed class PreviewTests
{
    // Reports go every five seconds or so, and the machine is busy.
    private static readonly TimeSpan SomeReports = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task a_preview_says_where_requests_go_now_and_would_go_and_nothing_moves_before_it_is_applied()
    {
        await using var mesh = await ControlledMesh.Start();
        using var folder = new TempFolder();
        var shift = folder.Write(
            "shift.yaml",
            $"kind: Dtab\nmetadata: {{name: default}}\nspec: '{ControlledMesh.ToTwo}'\n"
        );
        var loss = folder.Write(
            "loss.yaml",
            $"kind: Dtab\nmetadata: {{name: default}}\nspec: '{TempMesh.DefaultDtab} /svc/books => /host/nothing ;'\n"
        );
        var loads = mesh.StartLoad();
        await Task.WhenAll(loads.Select(l => l.GoesTo("one")));

        JsonElement preview = default;
        await Eventually.Is(
            async () =>
                (preview = await Preview(mesh, shift)).GetProperty("summary").GetProperty("requests").GetInt64() > 0,
            "requests were reported",
            SomeReports
        );
        foreach (var line in preview.GetProperty("lines").EnumerateArray())
        {
            Assert.Equal("books", line.GetProperty("service").GetString());
            Assert.Equal("changes", line.GetProperty("verdict").GetString());
            Assert.Equal(1, line.GetProperty("moved").GetDouble());
            var way = Assert.Single(line.GetProperty("cases").EnumerateArray());
            Assert.Equal("/#/file/books-v1", Only(way, "now").GetProperty("id").GetString());
            Assert.Equal("/#/file/books-v2", Only(way, "then").GetProperty("id").GetString());
        }

        preview = await Preview(mesh, loss);
        var summary = preview.GetProperty("summary");
        Assert.Equal(summary.GetProperty("requests").GetInt64(), summary.GetProperty("fail").GetInt64());

        // It was asked, not done.
        Assert.Equal("one", (await mesh.Proxies[0].Get("books")).ServedBy);
        foreach (var load in loads)
        {
            await load.StopWithoutFailure();
        }
    }

    private static JsonElement Only(JsonElement way, string side) =>
        Assert.Single(way.GetProperty(side).EnumerateArray());

    private static async Task<JsonElement> Preview(ControlledMesh mesh, string file)
    {
        var (code, text, errors) = await WeftProgram.Run(
            "diff",
            "--live",
            "-f",
            file,
            "-o",
            "json",
            "--control",
            mesh.Control.Address.ToString()
        );
        // Something would change.
        Assert.Equal((1, ""), (code, errors));
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.Clone();
    }
}
