using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>Holds what a spec declares of its parameters against what the server made of their placeholders.</summary>
internal static class ParameterTypes
{
    private const uint Boolean = 16, Int8 = 20, Int2 = 21, Int4 = 23, Float4 = 700, Float8 = 701, Numeric = 1700;

    private static readonly uint[] Fractions = [Float4, Float8, Numeric];
    private static readonly uint[] Integers = [Int2, Int4, Int8];

    /// <summary>The first parameter whose declared type is another than the statement's; null where all fit.</summary>
    public static Refusal? Fault(TreeValue tree, IReadOnlyList<Parameter> parameters)
    {
        foreach (var (index, type) in Uses(tree).Distinct())
        {
            if (index < 1 || index > parameters.Count)
                return RefusalCatalog.InvalidStatement.Because($"The statement has a placeholder ${index} without a parameter.");
            var parameter = parameters[index - 1];
            if (!Fits(parameter.Type, type))
                return RefusalCatalog.InvalidStatement.Because($"The parameter '{parameter.Name}' is declared as {parameter.Type.ToString().ToLowerInvariant()}, but the statement uses ${index} as another type.");
        }

        return null;
    }

    private static bool Fits(ParameterType declared, uint type) => declared switch
    {
        ParameterType.Boolean => type == Boolean,
        ParameterType.Integer => Integers.Contains(type) || Fractions.Contains(type),
        ParameterType.Number => Fractions.Contains(type),
        ParameterType.String => type != Boolean && !Integers.Contains(type) && !Fractions.Contains(type),
    };

    private static IEnumerable<(int Index, uint Type)> Uses(TreeValue tree) => tree switch
    {
        TreeValue.Node { Name: "PARAM" } parameter => [(int.Parse(Word(parameter, "paramid"), CultureInfo.InvariantCulture), uint.Parse(Word(parameter, "paramtype"), CultureInfo.InvariantCulture))],
        TreeValue.Node node => node.Fields.SelectMany(field => Uses(field.Value)),
        TreeValue.Items list => list.Values.SelectMany(Uses),
        _ => [],
    };

    private static string Word(TreeValue.Node node, string field) => node.Field(field) is TreeValue.Word word ? word.Text : "0";
}
