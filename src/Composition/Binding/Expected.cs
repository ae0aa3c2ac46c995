namespace Orchestrator.Composition;

/// <summary>What an option allows, in words.</summary>
internal static class Expected
{
    /// <summary>With its range: <c>an integer in [1, 1000000]</c>.</summary>
    public static string Of(OptionDescription option, OptionType type)
    {
        var noun = type is BooleanType or ChoiceType ? type.Text : ("aeiou".Contains(type.Text[0]) ? "an " : "a ") + type.Text;
        return option.Range is { } range && IsNumeric(type) ? $"{noun} in {range.Text}" : noun;
    }

    /// <summary>
    /// The option as it stands for one element of its list: elements are never null.
    /// </summary>
    public static OptionDescription Element(OptionDescription option) => !option.IsNullable ? option : new OptionDescription
    {
        Name = option.Name,
        Description = option.Description,
        Type = option.Type,
        Range = option.Range,
        IsRequired = option.IsRequired,
        IsNullable = false,
        NamesFile = option.NamesFile,
        Default = null,
    };

    private static bool IsNumeric(OptionType type) => type is IntegerType or NumberType || (type is ListType list && IsNumeric(list.Element));
}
