using Weft.Naming;
using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class DtabReader
{
    public static Resource? Read(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        if (spec is not YamlScalar scalar)
        {
            context.Problems.Add(
                spec.Position,
                $"the spec of a Dtab is a text, not {spec.Noun}",
                "write 'spec: |' and below it, indented, one entry a line, such as /svc => /#/file ;"
            );
            return null;
        }
        if (Dtab.TryParse(scalar.Text, out var dtab, out var error))
        {
            return new DtabDocument
            {
                Name = envelope.Name,
                Labels = envelope.Labels,
                Origin = envelope.Origin,
                Dtab = dtab,
                Text = scalar.Text,
            };
        }
        var place = ScalarText.Locate(context.Text, scalar, error.Offset);
        var problem = error.ToProblem(context.Problems.File);
        context.Problems.Add(problem with { Line = place.Line, Column = place.Column });
        return null;
    }
}
