namespace Weft.Naming.Tests.Syntax;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("/a => /b;;", 1, 10, "unexpected ';'", "'/'")]
    [InlineData("; /a => /b", 1, 1, "unexpected ';'", "'/'")]
    [InlineData("/a => /b\n/c => /d", 2, 1, "unexpected '/'", "'|', '&', ';' or the end")]
    [InlineData("/a => /b ;\n  /c -> /d", 2, 6, "unexpected '-'", "'=>'")]
    [InlineData("/a => (/b | /c", 1, 15, "unexpected end", "'|', '&' or ')'")]
    [InlineData("/a => 2 /b", 1, 9, "unexpected '/'", "'*' after a weight")]
    [InlineData("/a => -1 * /b", 1, 7, "unexpected '-'", "a path, '!', '~', '$', '(' or a weight")]
    [InlineData("/a => 1e3 * /b", 1, 8, "unexpected 'e'", "'*' after a weight")]
    [InlineData("/a => /b/*/c", 1, 10, "unexpected '*'", "a label (letters, digits, _ : . # $ % - or \\xHH)")]
    [InlineData("/a => /caf\u00e9", 1, 11, "unexpected U+00E9", "'|', '&', ';' or the end")]
    [InlineData("/a => \0", 1, 7, "unexpected U+0000", "a path, '!', '~', '$', '(' or a weight")]
    public void An_error_names_the_place_and_what_was_expected(
        string text,
        int line,
        int column,
        string message,
        string expected
    )
    {
        Assert.False(Dtab.TryParse(text, out _, out var error));
        Assert.Equal((line, column, message, expected), (error.Line, error.Column, error.Message, error.Expected));
    }

    [Fact]
    public void The_caret_stands_below_the_spot()
    {
        var error = DtabError("/a => /b ;\n/foo =>\t^ ;\n/c => /d");
        Assert.Equal("/foo => ^ ;\n        ^", error.Caret);
        Assert.Equal("/foo => [^] ;", error.Marked);
    }

    [Fact]
    public void A_long_line_is_shown_around_the_spot_only()
    {
        var text = $"/{new string('a', 1000)}^{new string('b', 1000)}";
        var error = Assert.Throws<DtabSyntaxException>(() => Path.Parse(text)).Error;
        var (a, b) = (new string('a', 40), new string('b', 40));
        Assert.Equal($"…{a}[^]{b}…", error.Marked);
        Assert.Equal($"…{a}^{b}…\n{new string(' ', 41)}^", error.Caret);
    }

    [Fact]
    public void A_problem_counts_from_where_the_text_stands_in_the_document()
    {
        var first = DtabError("/a -> /b");
        var second = DtabError("/a => /b ;\n/c -> /d");
        Assert.Equal(
            "mesh.yaml:7:14: unexpected '-' at '/a [-]> /b'; expected '=>'",
            first.ToProblem("mesh.yaml", line: 7, column: 11).ToString()
        );
        Assert.Equal(
            "mesh.yaml:8:6: unexpected '-' at '/c [-]> /d'; expected '=>'",
            second.ToProblem("mesh.yaml", line: 7, column: 3, indent: 2).ToString()
        );
    }

    [Fact]
    public void Text_that_is_too_long_is_an_error()
    {
        var longest = new string(' ', SyntaxLimits.MaxTextLength);
        Assert.True(Dtab.TryParse(longest, out _, out _));
        Assert.False(Dtab.TryParse(longest + " ", out _, out var error));
        Assert.Equal("the text is too long", error.Message);
    }

    [Fact]
    public void Nesting_that_is_too_deep_is_an_error()
    {
        Assert.True(NameTree.TryParse(Nested(SyntaxLimits.MaxNesting), out _, out _));
        Assert.False(NameTree.TryParse(Nested(SyntaxLimits.MaxNesting + 1), out _, out var error));
        Assert.Equal(("parentheses are nested too deep", SyntaxLimits.MaxNesting), (error.Message, error.Offset));
        Assert.False(NameTree.TryParse(new string('(', SyntaxLimits.MaxTextLength), out _, out _));

        static string Nested(int levels) => $"{new string('(', levels)}/a{new string(')', levels)}";
    }

    [Fact]
    public void Too_many_dentries_are_an_error()
    {
        var most = string.Concat(Enumerable.Repeat("/=>~;", SyntaxLimits.MaxDentries));
        Assert.True(Dtab.TryParse(most, out var dtab, out _));
        Assert.Equal(SyntaxLimits.MaxDentries, dtab.Length);
        Assert.False(Dtab.TryParse(most + "/=>~", out _, out var error));
        Assert.Equal("too many dentries", error.Message);
    }

    [Fact]
    public void A_weight_beyond_all_numbers_is_an_error()
    {
        Assert.False(NameTree.TryParse($"/a & 1{new string('0', 400)} * /b", out _, out var error));
        Assert.Equal(("the weight is too large", 5), (error.Message, error.Offset));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n# only a comment")]
    public void Nothing_is_the_empty_table(string text) => Assert.Equal(Dtab.Empty, Dtab.Parse(text));

    [Fact]
    public void A_hash_in_a_label_is_a_character() =>
        Assert.Equal("/a#b => /#/c#", Dtab.Parse("/a#b => /#/c# # comment").Show());

    private static DtabSyntaxError DtabError(string text) =>
        Assert.Throws<DtabSyntaxException>(() => Dtab.Parse(text)).Error;
}
