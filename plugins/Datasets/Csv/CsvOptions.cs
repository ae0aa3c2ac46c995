using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Options of <c>csv</c>.</summary>
public sealed record CsvOptions(
    [Description("A file of separated values, as it is or with gzip; a path that is not absolute starts in the data folder.")] string File,
    [Description("Another file with the test samples; its columns are found by name.")] string? TestFile = null,
    [Description("The share of the file's rows that is drawn for the test part, in the place of testFile.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double? TestShare = null,
    [Description("Another number draws other rows for testShare.")] long SplitSeed = 1,
    [Description("Column of the class of each row, any text.")] string Label = "label",
    [Description("Column of a number that is to be predicted, for regression, in the place of label.")] string? Value = null,
    [Description("Column of the natural group of each training row, any text, such as the person that it comes from: for partitioners that deal by groups. It is no input unless inputs names it.")] string? Group = null,
    [Description("Columns of the inputs, numbers, in this order; all other columns when absent.")] IReadOnlyList<string>? Inputs = null,
    [Description("The shape that a row's inputs have, [channels, height, width]; [features] when absent.")] IReadOnlyList<int>? InputShape = null,
    [Description("Whether the first line names the columns; otherwise they are called 1, 2, 3, ...")] bool Header = true,
    [Description("One character between values; a tab is \\t.")] string Separator = ",",
    [Description("The classes in their order; when absent those that the files have, in the order of their numbers, or of the alphabet.")] IReadOnlyList<string>? ClassNames = null,
    [Description("Whether inputs are centred and divided by the standard deviation of the training samples, by column (by channel with inputShape).")] bool Normalize = true,
    [Description("Use the first training samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)][Hint("inputs are normalised by mean and deviation of the samples that are used, so fewer of them change every input, the test's too")] int? TrainLimit = null,
    [Description("Use the first test samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)] int? TestLimit = null);
