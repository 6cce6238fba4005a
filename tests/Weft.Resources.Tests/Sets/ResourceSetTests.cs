using Weft.Naming;

namespace Weft.Resources.Tests.Sets;

public sealed class ResourceSetTests
{
    private static ResourceParse Parse(string text, ProxyConfig? proxy = null) =>
        ResourceSet.Parse([("/etc/weft/mesh/all.yaml", text)], proxy);

    private static ProxyConfig Proxy(string dtab = "") =>
        ProxyConfig
            .Parse($"listeners: [{{name: out, kind: outbound, address: 127.0.0.1:1{dtab}}}]", "proxy.yaml")
            .Value!;

    private static string ServiceNamed(string name) =>
        $"---\nkind: Service\nmetadata: {{name: \"{name}\"}}\nspec: {{}}\n";

    [Theory]
    [InlineData("/svc/books", "books")]
    [InlineData("/svc/books-v2", "books-*")]
    [InlineData("/svc/bookshop", "book*")]
    [InlineData("/svc/books/x", "books/*")]
    [InlineData("/svc/books:8080", "book*")]
    [InlineData("/svc/other", "*")]
    [InlineData("/other/books", "books")]
    public void The_longest_name_that_matches_wins(string logicalName, string service)
    {
        var names = new[] { "*", "book*", "books", "books-*", "books/*" };
        var parse = Parse(string.Concat(names.Select(ServiceNamed)));
        Assert.Empty(parse.Problems);
        Assert.Equal(service, parse.Set.FindService(Naming.Path.Parse(logicalName))!.Name);
    }

    [Theory]
    [InlineData("/svc/book")]
    [InlineData("/svc/books/x")]
    [InlineData("/svc/Books")]
    [InlineData("/svc")]
    [InlineData("/")]
    public void A_name_without_a_star_matches_nothing_but_itself(string logicalName)
    {
        var set = Parse(ServiceNamed("books")).Set;
        Assert.Null(set.FindService(Naming.Path.Parse(logicalName)));
        Assert.Same(ServiceSpec.Default, set.SpecOf(Naming.Path.Parse(logicalName)));
    }

    [Fact]
    public void A_namer_has_a_full_root_and_its_name_as_prefix()
    {
        var parse = Parse("kind: Namer\nmetadata: {name: file}\nspec: {kind: file, root: ../disco}\n");
        var namer = Assert.Single(parse.Set.Namers);
        Assert.Equal("/etc/weft/disco", Assert.IsType<NamerSpec.Files>(namer.Spec).Root);
        Assert.Equal("/#/file", namer.Prefix.ToString());
    }

    [Fact]
    public void A_namer_may_be_given_another_prefix()
    {
        var parse = Parse("kind: Namer\nmetadata: {name: x}\nspec: {kind: file, root: /d, prefix: /#/io.l5d.fs}\n");
        Assert.Equal("/#/io.l5d.fs", Assert.Single(parse.Set.Namers).Prefix.ToString());
    }

    [Fact]
    public void One_bad_document_does_not_take_the_others_with_it()
    {
        var parse = Parse(ServiceNamed("a") + "---\nkind: Nothing\n" + ServiceNamed("b"));
        Assert.NotEmpty(parse.Problems);
        Assert.Equal(["a", "b"], parse.Set.Services.Select(s => s.Name));
    }

    [Fact]
    public void The_first_of_two_documents_with_one_name_stands()
    {
        var dtab = "---\nkind: Dtab\nmetadata: {name: d}\nspec: /a => /";
        var parse = Parse($"{dtab}first\n{dtab}second\n");
        Assert.Single(parse.Problems);
        Assert.Equal(Dtab.Parse("/a => /first"), parse.Set.FindDtab("d")!.Dtab);
    }

    [Fact]
    public void A_name_may_be_used_once_per_kind()
    {
        var parse = Parse("kind: Dtab\nmetadata: {name: books}\nspec: /a => /b\n" + ServiceNamed("books"));
        Assert.Empty(parse.Problems);
        Assert.Equal(2, parse.Set.All.Count);
    }

    [Fact]
    public void A_dtab_that_a_listener_names_must_be_there()
    {
        var parse = Parse("kind: Dtab\nmetadata: {name: default}\nspec: /a => /b\n", Proxy(", dtab: defualt"));
        Assert.Equal(
            "proxy.yaml:1:13: listener 'out' uses the Dtab 'defualt', and there is no such document; did you mean 'default'?",
            Assert.Single(parse.Problems).ToString()
        );
    }

    [Fact]
    public void A_listener_that_names_no_dtab_uses_the_default_and_its_absence_is_a_warning()
    {
        Assert.Empty(Parse("kind: Dtab\nmetadata: {name: default}\nspec: /a => /b\n", Proxy()).Warnings);
        var parse = Parse("", Proxy());
        Assert.Empty(parse.Problems);
        Assert.StartsWith("proxy.yaml:1:13: listener 'out' names no Dtab", Assert.Single(parse.Warnings).ToString());
    }

    [Theory]
    [InlineData("/svc => /#/file/x", 0)]
    [InlineData("/svc => /#", 0)]
    [InlineData("/svc => /#/other ; /#/other => /$/inet", 0)]
    [InlineData("/svc => /$/inet/127.0.0.1/80", 0)]
    [InlineData("/svc => /#/other", 1)]
    [InlineData("/svc => /a | 1 * /b & 2 * /#/other/x", 1)]
    public void A_dtab_that_leads_to_no_namer_is_warned_of(string dtab, int warnings)
    {
        var namer = "kind: Namer\nmetadata: {name: file}\nspec: {kind: file, root: /d}\n";
        var parse = Parse($"{namer}---\nkind: Dtab\nmetadata: {{name: d}}\nspec: {dtab}\n");
        Assert.Empty(parse.Problems);
        Assert.Equal(warnings, parse.Warnings.Count);
    }

    [Fact]
    public void Two_readings_of_one_document_are_equal()
    {
        const string text = """
            kind: Service
            metadata: {name: a, labels: {x: y}}
            spec:
              retries: {on: [reset, 503], methods: [GET]}
              failOn: [5xx, 429]
            """;
        Assert.Equal(Parse(text).Set.Services[0], Parse("# moved\n" + text).Set.Services[0]);
        Assert.NotEqual(
            Parse(text).Set.Services[0],
            Parse(text.Replace("429", "404", StringComparison.Ordinal)).Set.Services[0]
        );
    }

    [Theory]
    [InlineData("/a => /a", "/a => /a")]
    [InlineData("/svc => /host ; /host => /svc", "/svc => /host")]
    [InlineData("/svc => /svc/x | /#/file", "/svc => /svc/x | /#/file")]
    [InlineData("/a => /a & /a", "/a => /a & /a")]
    [InlineData("/*/a => /b/a ; /b => /c", "/*/a => /b/a")]
    [InlineData("/a => /b ; /b => /c ; /c => /d", null)]
    [InlineData("/ok => /#/file ; /svc/*/v1 => /svc/x/v1", "/svc/*/v1 => /svc/x/v1")]
    public void A_dtab_that_leads_in_a_circle_is_a_problem(string dtab, string? dentry)
    {
        var parse = Parse($"kind: Dtab\nmetadata: {{name: default}}\nspec: '{dtab}'\n");
        var circles = parse.Problems.Where(p => p.Message.Contains("never be bound", StringComparison.Ordinal));
        Assert.Equal(
            dentry is null ? [] : [$"'{dentry}' of Dtab default can never be bound: "],
            circles.Select(c => c.Message[..(c.Message.IndexOf(": ", StringComparison.Ordinal) + 2)])
        );
        Assert.DoesNotContain(parse.Problems, p => p.Message.Contains('%'));
    }

    [Theory]
    [InlineData("/svc => /#/file ; /svc => /dc | ~ ; /dc => /#/none | /svc")]
    [InlineData("/s => /s#/foo ; /s# => /#/file")]
    [InlineData("/svc => /host ; /host => /#/serversets/prod | /#/file")]
    [InlineData("/svc => /$/inet ; /a => ! | /a")]
    [InlineData("/svc => /#/a & /#/b & /svc ; /x => /#/file")]
    public void One_that_has_an_answer_for_what_it_rewrites_is_not(string dtab) =>
        Assert.DoesNotContain(
            Parse($"kind: Dtab\nmetadata: {{name: default}}\nspec: '{dtab}'\n").Problems,
            p => p.Message.Contains("never be bound", StringComparison.Ordinal)
        );

    [Fact]
    public void The_search_for_circles_is_bounded()
    {
        // Each name branches into thousands, and there are hundreds of them.
        var levels = string.Concat(Enumerable.Range(0, 8).Select(i => $"/l{i} => /l{i + 1} & /l{i + 1} ; "));
        var many = string.Concat(Enumerable.Range(0, 1500).Select(i => $"/n{i} => /l0 ; "));
        Assert.Empty(Parse($"kind: Dtab\nmetadata: {{name: default}}\nspec: '{levels}{many}/l8 => /#/f'\n").Problems);
    }
}
