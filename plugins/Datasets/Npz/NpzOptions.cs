using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Which axis of an image array holds the channels.</summary>
public enum ChannelAxis
{
    /// <summary><c>[samples, channels, height, width]</c>, as in PyTorch.</summary>
    First,

    /// <summary><c>[samples, height, width, channels]</c>, as in TensorFlow.</summary>
    Last,
}

/// <summary>Options of <c>npz</c>.</summary>
public sealed record NpzOptions(
    [Description("An .npz file of NumPy; a path that is not absolute starts in the data folder.")] string File,
    [Description("Another .npz file with the test samples; the same file when absent.")] string? TestFile = null,
    [Description("Array of the training inputs: [samples, features], [samples, height, width], or with channels; uint8, or any other number.")] string Inputs = "x_train",
    [Description("Array of the training labels: whole numbers from 0, [samples] or [samples, 1].")] string Labels = "y_train",
    [Description("Array of what is to be predicted, for regression, in the place of labels: numbers, [samples] or [samples, values].")] string? Values = null,
    [Description("Array of the natural group of each training sample, such as the person that it comes from: whole numbers, [samples] or [samples, 1]; for partitioners that deal by groups.")] string? Groups = null,
    [Description("Array of the test inputs; when absent 'x_test', or with testFile the name that inputs gives.")] string? TestInputs = null,
    [Description("Array of the test labels; when absent 'y_test', or with testFile the name that labels gives.")] string? TestLabels = null,
    [Description("Array of what is to be predicted of the test inputs; when absent 'y_test', or with testFile the name that values gives.")] string? TestValues = null,
    [Description("The share of the training arrays' rows that is drawn for the test part, in the place of test arrays.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double? TestShare = null,
    [Description("Another number draws other rows for testShare.")] long SplitSeed = 1,
    [Description("Which axis of images in colour holds the channels: first or last.")] ChannelAxis Channels = ChannelAxis.First,
    [Description("Names of the classes, in the order of the labels; their numbers, up to the largest label, when absent.")] IReadOnlyList<string>? ClassNames = null,
    [Description("Whether inputs are centred and divided by the standard deviation of the training samples: by channel (uint8 without channels is one channel), or by feature.")]
    bool Normalize = true,
    [Description("Use the first training samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)][Hint("inputs are normalised by mean and deviation of the samples that are used, so fewer of them change every input, the test's too")] int? TrainLimit = null,
    [Description("Use the first test samples only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)] int? TestLimit = null);
