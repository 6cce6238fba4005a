using System.Text;
using System.Text.Json;
using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Delegating;

/// <summary>Expected texts have ' for the quotes of JSON.</summary>
public sealed class DelegationJsonTests
{
    [Fact]
    public void A_leaf_shows_the_steps_to_it_and_its_concrete_name() =>
        Assert.Equal(
            "{'path':'/svc/web/x','tree':{'type':'delegate','path':'/svc/web/x','children':["
                + "{'type':'leaf','path':'/#/file/web/x','dentry':'/svc => /#/file','id':'/#/file/web','residual':'/x'}]},"
                + "'bound':{'type':'leaf','id':'/#/file/web','residual':'/x'}}",
            Json("/svc => /#/file", "/svc/web/x", new ScriptedNamer().Bind("/#/file/web"))
        );

    [Fact]
    public void A_union_shows_weights_and_an_unused_alternative_says_so() =>
        Assert.Equal(
            "{'path':'/s','tree':{'type':'alt','path':'/s','children':["
                + "{'type':'union','path':'/s','dentry':'/s => 0.9 * /a & 0.1 * /b','children':["
                + "{'type':'leaf','path':'/a','dentry':'/s => 0.9 * /a & 0.1 * /b','weight':0.9,'id':'/a','residual':'/'},"
                + "{'type':'leaf','path':'/b','dentry':'/s => 0.9 * /a & 0.1 * /b','weight':0.1,'id':'/b','residual':'/'}]},"
                + "{'type':'fail','path':'/s','dentry':'/s => !','considered':false}]},"
                + "'bound':{'type':'union','members':["
                + "{'weight':0.9,'tree':{'type':'leaf','id':'/a','residual':'/'}},"
                + "{'weight':0.1,'tree':{'type':'leaf','id':'/b','residual':'/'}}]}}",
            Json("/s => ! ; /s => 0.9 * /a & 0.1 * /b", "/s", new ScriptedNamer().Bind("/a", "/b"))
        );

    [Theory]
    [InlineData("~", "neg")]
    [InlineData("!", "fail")]
    [InlineData("$", "empty")]
    public void Absence_keeps_its_kind(string destination, string type) =>
        Assert.Equal(
            "{'path':'/a','tree':{'type':'delegate','path':'/a','children':["
                + "{'type':'TYPE','path':'/a','dentry':'/a => DST'}]},'bound':{'type':'TYPE'}}"
                    .Replace("TYPE", type)
                    .Replace("DST", destination),
            Json($"/a => {destination}", "/a")
        );

    [Fact]
    public void What_is_pending_is_an_error_that_says_so() =>
        Assert.Equal(
            "{'path':'/#/x','tree':{'type':'error','path':'/#/x','message':'not resolved yet'},"
                + "'bound':{'type':'error','message':'not resolved yet'}}",
            Json("", "/#/x", new ScriptedNamer { ["/#/x"] = NameState.Pending.Instance })
        );

    [Fact]
    public void A_failed_namer_says_why() =>
        Assert.Equal(
            "{'path':'/#/x','tree':{'type':'error','path':'/#/x','message':'down'},"
                + "'bound':{'type':'error','message':'down'}}",
            Json("", "/#/x", new ScriptedNamer { ["/#/x"] = new NameState.Failed("down") })
        );

    [Fact]
    public void The_deepest_delegation_that_the_limits_allow_can_be_written()
    {
        const int nesting = 60;
        var nested = string.Concat(Enumerable.Repeat("(/n & ", nesting)) + "/a" + new string(')', nesting);

        Assert.EndsWith(
            "'bound':{'type':'error','message':'gave up: alternatives and unions are nested more than 500 deep at /n'}}",
            Json($"/a => {nested}", "/a")
        );
    }

    [Fact]
    public void A_long_dentry_is_cut_since_each_alternative_repeats_it()
    {
        var json = Json($"/a => {string.Join(" | ", Enumerable.Repeat("/b", 1000))}", "/a");

        Assert.InRange(json.Length, 1_000_000, 1_300_000);
        Assert.Contains("…'", json, StringComparison.Ordinal);
    }

    private static string Json(string dtab, string path, INamer? namer = null)
    {
        namer ??= CompositeNamer.Empty;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, DelegationJson.WriterOptions with { Indented = false }))
        {
            DelegationJson.Write(
                writer,
                Path.Parse(path),
                Delegator.Delegate(Dtab.Parse(dtab), Path.Parse(path), namer),
                Binder.Bind(Dtab.Parse(dtab), Path.Parse(path), namer)
            );
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Replace('"', '\'');
    }
}
