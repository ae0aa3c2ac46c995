using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Options of <c>parquet</c>.</summary>
public sealed record ParquetTableOptions(
    [Description("A Parquet file, or several: a star in its name stands for any letters, and files are read in the order of the alphabet. A path that is not absolute starts in the data folder.")] string File,
    [Description("Another file, or several, with the test samples; columns are found by name.")] string? TestFile = null,
    [Description("The share of the rows that is drawn for the test part, in the place of testFile.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double? TestShare = null,
    [Description("Another number draws other rows for testShare.")] long SplitSeed = 1,
    [Description("Column of the class of each row: whole numbers from 0, or text.")] string Label = "label",
    [Description("Column of a number that is to be predicted, for regression, in the place of label.")] string? Value = null,
    [Description("Column of the natural group of each training row, text or whole numbers, such as the person that it comes from: for partitioners that deal by groups. It is no input unless inputs names it.")] string? Group = null,
    [Description("Columns of the inputs, numbers, in this order; all other columns of numbers when absent.")] IReadOnlyList<string>? Inputs = null,
    [Description("Column of images in the place of inputs: PNG or JPEG bytes, or a struct that holds them as 'bytes', as on the Hugging Face hub.")] string? Image = null,
    [Description("Height that every image is resized to, pixels; needed with image.")][Range(1, 4096)] int? Height = null,
    [Description("Width that every image is resized to, pixels; needed with image.")][Range(1, 4096)] int? Width = null,
    [Description("Of images: 3 for red, green and blue, 1 for grey.")][Range(1, 3)] int Channels = 3,
    [Description("The classes in their order; when absent those that the files have: up to the largest number, or in the order of the alphabet.")] IReadOnlyList<string>? ClassNames = null,
    [Description("Whether inputs are centred and divided by the standard deviation of the training samples, by column, of images by channel.")] bool Normalize = true,
    [Description("Use the first training samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)][Hint("inputs are normalised by mean and deviation of the samples that are used, so fewer of them change every input, the test's too")] int? TrainLimit = null,
    [Description("Use the first test samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)] int? TestLimit = null);
