using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>A control plane that is asked where names lead, and would lead.</summary>
public class ControlledNamesTests
{
    [Fact]
    public async Task a_control_plane_follows_names_with_its_own_documents_and_namers()
    {
        await using var control = await ControlProcess.Start();
        using var files = new TempMesh();
        files.Disco("books", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 8081));
        await control.Namer(files);
        await control.Dtab(TempMesh.DefaultDtab);

        var (code, text, errors) = await Run(control, "resolve", "/svc/books");
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("127.0.0.1:8081", text, StringComparison.Ordinal);
        (code, text, _) = await Run(control, "delegate", "/svc/nobody", "-o", "json");
        using var answer = JsonDocument.Parse(text);
        Assert.Equal((1, "neg"), (code, answer.RootElement.GetProperty("bound").GetProperty("type").GetString()));
        (code, text, _) = await Run(control, "delegate", "/svc/nobody", "--dtab", "/svc/nobody => /svc/books");
        Assert.Equal(0, code);
        Assert.EndsWith("bound: /#/file/books", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_preview_without_traffic_says_so_and_writes_nothing()
    {
        await using var control = await ControlProcess.Start();
        await control.Dtab(TempMesh.DefaultDtab);
        using var folder = new TempFolder();
        var file = folder.Write("dtab.yaml", "kind: Dtab\nmetadata: {name: default}\nspec: '/svc => !'\n");

        var (code, text, errors) = await Run(control, "diff", "--live", "-f", file);
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains("there is no live traffic to preview", text, StringComparison.Ordinal);
        (code, text, _) = await Run(control, "delegate", "/svc/x");
        Assert.Equal(1, code);
        Assert.DoesNotContain("!", text, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Errors)> Run(
        ControlProcess control,
        params string[] arguments
    ) => WeftProgram.Run([.. arguments, "--control", control.Address.ToString()]);
}
