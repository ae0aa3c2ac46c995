using System.Globalization;

namespace Orchestrator.Composition;

/// <summary>
/// What a value in a pipeline can be, read from the metadata of an options record.
/// </summary>
public abstract class OptionType
{
    /// <summary>As tables and messages say it: <c>integer</c>, <c>list of numbers</c>.</summary>
    public abstract string Text { get; }

    /// <summary>The plural, after "list of".</summary>
    public virtual string Plural => Text + "s";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class BooleanType : OptionType
{
    public override string Text => "true or false";

    public override string Plural => "true or false";
}

/// <summary>A whole number.</summary>
/// <param name="minimum">Smallest that the C# type holds.</param>
/// <param name="maximum">Largest that the C# type holds.</param>
public sealed class IntegerType(long minimum, long maximum) : OptionType
{
    public long Minimum { get; } = minimum;

    public long Maximum { get; } = maximum;

    public override string Text => "integer";
}

/// <summary>A finite real number.</summary>
public sealed class NumberType : OptionType
{
    public override string Text => "number";
}

/// <summary>A string.</summary>
public sealed class TextType : OptionType
{
    public override string Text => "string";
}

/// <summary>One of several words (an enum, in kebab-case).</summary>
/// <param name="choices">The words, in order of declaration.</param>
/// <param name="values">The enum's value for each of them.</param>
public sealed class ChoiceType(IReadOnlyList<string> choices, IReadOnlyList<long> values) : OptionType
{
    public IReadOnlyList<string> Choices { get; } = choices;

    internal IReadOnlyList<long> Values { get; } = values;

    public override string Text => "one of " + string.Join(", ", Choices);

    public override string Plural => Text;
}

/// <summary>A list of values of one type.</summary>
/// <param name="element">Their type.</param>
public sealed class ListType(OptionType element) : OptionType
{
    public OptionType Element { get; } = element;

    public override string Text => "list of " + Element.Plural;

    public override string Plural => "lists of " + Element.Plural;
}

/// <summary>An object whose keys are the writer's own names, all values of one type.</summary>
/// <param name="element">Their type.</param>
public sealed class MapType(OptionType element) : OptionType
{
    public OptionType Element { get; } = element;

    public override string Text => $"object with {Element.Plural} by name";

    public override string Plural => $"objects with {Element.Plural} by name";
}

/// <summary>Any JSON value.</summary>
public sealed class AnyType : OptionType
{
    public override string Text => "value";
}

/// <summary>An object with named options.</summary>
/// <param name="name">The record's class name.</param>
public sealed class RecordType(string name) : OptionType
{
    public string Name { get; } = name;

    /// <summary>
    /// The option that a list stands for, written in the object's place; null where there is none.
    /// </summary>
    public OptionDescription? ListForm => Find(ListFormOption);

    /// <summary>
    /// The option that a number stands for, written in the object's place; null where there is
    /// none.
    /// </summary>
    public OptionDescription? NumberForm => Find(NumberFormOption);

    internal string? ListFormOption { get; init; }

    internal string? NumberFormOption { get; init; }

    /// <summary>In order of declaration.</summary>
    public IReadOnlyList<OptionDescription> Options { get; internal set; } = [];

    public override string Text => (ListFormOption, NumberFormOption) switch
    {
        (null, null) => "object",
        ({ }, null) => "list or object",
        (null, { }) => "number or object",
        _ => "number, list or object",
    };

    public override string Plural => ListFormOption is null && NumberFormOption is null ? "objects" : Text;

    internal OptionDescription? Find(string? option) => Options.FirstOrDefault(o => o.Name == option);
}

/// <summary>An object whose <c>type</c> selects one of several sets of options.</summary>
/// <param name="name">The base record's class name.</param>
public sealed class VariantType(string name) : OptionType
{
    public string Name { get; } = name;

    /// <summary>
    /// The sets of options by the word that selects them, in order of declaration.
    /// </summary>
    public IReadOnlyList<VariantBranch> Branches { get; internal set; } = [];

    public override string Text => "object with a type";

    public override string Plural => "objects with a type";
}

/// <summary>One choice of a <see cref="VariantType"/>.</summary>
/// <param name="Word">What <c>type</c> holds.</param>
/// <param name="Options">What goes with it.</param>
/// <param name="ClassName">Full name of the record, as reflection gives it.</param>
public sealed record VariantBranch(string Word, RecordType Options, string ClassName);

/// <summary>A plugin by name with its options.</summary>
/// <param name="kind">Which plugins can stand there.</param>
/// <param name="common">Options that the section has with every plugin of the kind; null without
/// any.</param>
public sealed class SectionType(PluginKind kind, RecordType? common) : OptionType
{
    public PluginKind Kind { get; } = kind;

    public RecordType? Common { get; } = common;

    public override string Text => $"{Kind.Name} plugin";
}

/// <summary>Bounds of a number, or of each number in a list.</summary>
public sealed record NumberRange(double Minimum, double Maximum, bool MinimumIsExclusive, bool MaximumIsExclusive)
{
    /// <summary>In interval notation: <c>(0, 1000000]</c>.</summary>
    public string Text =>
        $"{(MinimumIsExclusive || double.IsNegativeInfinity(Minimum) ? '(' : '[')}{Bound(Minimum)}, {Bound(Maximum)}"
        + (MaximumIsExclusive || double.IsPositiveInfinity(Maximum) ? ')' : ']');

    internal bool Contains(double value) =>
        (MinimumIsExclusive ? value > Minimum : value >= Minimum) && (MaximumIsExclusive ? value < Maximum : value <= Maximum);

    private static string Bound(double bound) =>
        double.IsInfinity(bound) ? (bound < 0 ? "-infinity" : "infinity") : bound.ToString(CultureInfo.InvariantCulture);
}
