using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Which pipelines a document stands for, beside the one that it describes: the runs of a sweep.
/// </summary>
public sealed record SweepSettings(
    [EmptyByDefault][Description("What is varied: a path of the pipeline, several paths separated by commas (zipped: each value is a list with one value for each), or a name of your own with variants.")] IReadOnlyDictionary<string, AxisSettings>? Axes = null,
    [EmptyByDefault][Description("Combinations that are kept, by axis: a value, or a list of values. All are where it is empty.")] IReadOnlyDictionary<string, PipelineValue>? Where = null,
    [EmptyByDefault][Description("Combinations that are left out: axis and value, or a list of values; a combination is left out where all that one entry names is so.")] IReadOnlyList<IReadOnlyDictionary<string, PipelineValue>>? Exclude = null,
    [Description("Seeds that each cell is run with: how many, counted from the pipeline's own; a list of them; or from and to how many, until a comparison is decided. The pipeline's own seed when it is not given.")] SeedSettings? Seeds = null,
    [EmptyByDefault][Description("Seeds of named random streams that are crossed with everything else, by the stream's name: factors of an experiment on where variance comes from.")] IReadOnlyDictionary<string, FactorSettings>? Factors = null,
    [Description("Which of the cells are run, and how far. All of them to their end when it is not given.")] SearchSettings? Search = null,
    [EmptyByDefault][Description("Several rounds: the best cells of each go to the next, with seeds that no earlier round has seen.")] IReadOnlyList<StageSettings>? Stages = null,
    [Description("What cells are compared by, at the end of a run; the accuracy, or the loss where samples have no label, when it is not given.")] SweepMetric? Metric = null,
    [EmptyByDefault][Description("What is compared with what; for seeds until a comparison is decided, and for what is said of the result.")] CompareSettings? Compare = null,
    [Description("What somebody published for these cells: the table shows it beside what is measured, with a verdict.")] PublishedSettings? Published = null,
    [Description("How factors are crossed: every combination, or, of four factors with equally many levels, the fraction in which every combination of any three stands once.")] FactorCrossing Crossing = FactorCrossing.Full,
    [Description("Axes that are averaged over, such as that of the folds of a cross-validation. Cells that differ in them only are one setting: one row of the table, which each seed enters once, with its mean over them; it did not converge where one of them did not. Settings are what is compared, chosen and drawn. None when it is not given.")] IReadOnlyList<string>? Average = null)
{
    public IReadOnlyDictionary<string, AxisSettings> Axes { get; } = Axes ?? new Dictionary<string, AxisSettings>();

    public IReadOnlyDictionary<string, PipelineValue> Where { get; } = Where ?? new Dictionary<string, PipelineValue>();

    public IReadOnlyList<IReadOnlyDictionary<string, PipelineValue>> Exclude { get; } = Exclude ?? [];

    public IReadOnlyDictionary<string, FactorSettings> Factors { get; } = Factors ?? new Dictionary<string, FactorSettings>();

    public IReadOnlyList<StageSettings> Stages { get; } = Stages ?? [];

    public CompareSettings Compare { get; } = Compare ?? new CompareSettings();

    public IReadOnlyList<string> Average { get; } = Average ?? [];

    /// <summary>Where it was written.</summary>
    public Origin Origin { get; internal init; } = Origin.Default;

    /// <summary>
    /// As it was written, with every default filled in; one line of canonical JSON.
    /// </summary>
    public string CanonicalJson { get; internal init; } = "";
}

/// <summary>What is compared with what.</summary>
public sealed record CompareSettings(
    [Description("The axis whose values are compared, within each combination of the others; the one with variants, or the only one, when it is not given.")] string? Axis = null,
    [Description("The value that every other is compared with; null compares all pairs.")] string? Baseline = null,
    [Description("Differences within this, in the metric's unit, do not matter. When it is not given it is 0.5 for accuracies; of losses every difference matters then, and nothing is called equivalent.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double? Delta = null);

/// <summary>Published values.</summary>
public sealed record PublishedSettings(
    [Description("A file of comma-separated values, relative to this one: a column for each axis, by its name, and 'value' (NC for a run that did not converge); also 'n', runs behind a value (1), and 'sd'. Other columns are left aside; rows with equal settings are several published runs.")][NamesFile] string File,
    [Description("A published value agrees where the 90 % interval of the difference lies within this, in the metric's unit.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double Within = 2,
    [Description("Whether combinations that the file does not have are left out of the sweep.")] bool Only = false);

/// <summary>What cells are compared by.</summary>
public enum SweepMetric
{
    /// <summary>Percent, of the last evaluation; more is better.</summary>
    TestAccuracy,

    /// <summary>Mean over the test samples, of the last evaluation; less is better.</summary>
    TestLoss,

    /// <summary>As the test accuracy, on the samples that are kept for validation.</summary>
    ValidationAccuracy,

    /// <summary>As the test loss, on the samples that are kept for validation.</summary>
    ValidationLoss,
}

/// <summary>The values of an axis. A list is short for its <c>values</c>.</summary>
[ShortForm(list: "values")]
public sealed record AxisSettings(
    [Description("Values, each put in the place of the one that the pipeline has.")] IReadOnlyList<PipelineValue>? Values = null,
    [Description("Sets of values by name, each laid over the pipeline as a file is over one that it extends; keys may be paths.")] IReadOnlyDictionary<string, PipelineValue>? Variants = null,
    [Description("Smallest value of a range that a random search draws from.")] double? From = null,
    [Description("Largest value of a range that a random search draws from.")] double? To = null,
    [Description("How a range is drawn from: every part of the same length is as likely, or every part of the same ratio.")] AxisScale? Scale = null);

/// <summary>How a random search draws from a range.</summary>
public enum AxisScale
{
    /// <summary>Uniform.</summary>
    Linear,

    /// <summary>Uniform in the logarithm; for ranges above 0.</summary>
    Log,
}

/// <summary>
/// The seeds of each cell. A number is short for its <c>count</c>, a list for its <c>values</c>.
/// </summary>
[ShortForm(list: "values", number: "count")]
public sealed record SeedSettings(
    [Description("How many, counted from the pipeline's own seed.")][Range(1, 1_000_000)] int? Count = null,
    [Description("The seeds.")][Range(0.0, 9.2e18)] IReadOnlyList<long>? Values = null,
    [Description("With until: the fewest seeds, before which nothing is decided.")][Range(2, 1_000_000)] int? From = null,
    [Description("With until: the most seeds, at which the question is left open.")][Range(2, 1_000_000)] int? To = null,
    [Description("What ends the seeds between from and to.")] SeedsUntil? Until = null);

/// <summary>What ends a growing number of seeds.</summary>
public enum SeedsUntil
{
    /// <summary>
    /// Every comparison of the sweep is decided, by tests that may be looked at after every seed.
    /// </summary>
    Decided,
}

/// <summary>
/// Seeds of one named stream. A number is short for its <c>count</c>, a list for its <c>values</c>.
/// </summary>
[ShortForm(list: "values", number: "count")]
public sealed record FactorSettings(
    [Description("How many, from 1.")][Range(1, 1_000_000)] int? Count = null,
    [Description("The seeds.")][Range(0.0, 9.2e18)] IReadOnlyList<long>? Values = null);

/// <summary>Which combinations of the levels of factors are run.</summary>
public enum FactorCrossing
{
    /// <summary>All of them.</summary>
    Full,

    /// <summary>
    /// An orthogonal array of strength 3: levels^3 runs of four factors instead of levels^4.
    /// </summary>
    Fraction,
}

/// <summary>Which cells are run.</summary>
[JsonDerivedType(typeof(GridSearch), "grid")]
[JsonDerivedType(typeof(RandomSearch), "random")]
[JsonDerivedType(typeof(SuccessiveHalving), "successive-halving")]
public abstract record SearchSettings;

/// <summary>Every combination of the axes' values.</summary>
public sealed record GridSearch : SearchSettings;

/// <summary>Combinations drawn at random, each once.</summary>
public sealed record RandomSearch(
    [Description("How many combinations.")][Range(1, 1_000_000)] int Samples,
    [Description("What they are drawn with.")][Range(0.0, 9.2e18)] long Seed = 1) : SearchSettings;

/// <summary>
/// All cells run to a first mark; the best share of them goes on to the next, and so on (Jamieson
/// and Talwalkar, 2016).
/// </summary>
public sealed record SuccessiveHalving(
    [Description("Epochs at which cells are compared, ascending; each counts at the first evaluation at or past it.")][Range(0.0, 1e9, MinimumIsExclusive = true)] IReadOnlyList<double> Epochs,
    [Description("One of so many cells goes on.")][Range(1.0, 1000.0, MinimumIsExclusive = true)] double Keep = 3,
    [Description("Share of the cells left behind that are finished too, so that it can be said what leaving them cost.")][Range(0.0, 1.0)] double Finish = 0.05,
    [Description("Combinations that are drawn at random first; null: all are taken.")][Range(1, 1_000_000)] int? Samples = null,
    [Description("What combinations, and the cells that are finished anyway, are drawn with.")][Range(0.0, 9.2e18)] long Seed = 1) : SearchSettings;

/// <summary>One round of a sweep.</summary>
public sealed record StageSettings(
    [Description("What the table calls it.")] string Name,
    [Description("Its seeds: how many, counted from where the round before ended; or a list of them.")] FactorSettings Seeds,
    [Description("How many of its cells go on to the next round; null for the last.")][Range(1, 1_000_000)] int? Keep = null,
    [EmptyByDefault][Description("Axes within whose every combination of values so many go on, such as the axis of the variants that are compared.")] IReadOnlyList<string>? Per = null)
{
    public IReadOnlyList<string> Per { get; } = Per ?? [];
}
